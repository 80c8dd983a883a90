import type { Health } from '../../integrations/health.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Run } from '../../syncs/syncs.ts';
import type { IconName } from '../icons.ts';
import { lowered } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { fixOf, type Step } from './connection-view.ts';
import { type PluginHead, pluginHead } from './plugin-head.ts';
import { adviceFor } from './run-advice.ts';
import { isActive, type RunView, runView } from './run-view.ts';
import { type ScheduleInput, type StreamView, streamViews } from './stream-view.ts';
import { streamTitle } from './stream-words.ts';
import { type WizardStep, wizardSteps } from './wizard-steps.ts';

export interface FirstSyncInput {
  readonly template: Template;
  readonly integration: Integration;
  readonly href: string;
  /** Latest first. */
  readonly runs: readonly Run[];
  /** Stream → how many records the hub holds. */
  readonly counts: Readonly<Record<string, number>>;
  readonly schedules: readonly ScheduleInput[];
  readonly health: Pick<Health, 'state' | 'reason' | 'fix' | 'todo'>;
  readonly viewer: { readonly manage: boolean };
}

/** The last two steps of a set-up: the first sync as it goes, then what happens from now on. */
export interface FirstSyncPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string; readonly account: string | undefined };
  readonly steps: readonly WizardStep[];
  readonly heading: string;
  readonly says: string;
  readonly done: boolean;
  /** Something did not go as it should. */
  readonly trouble: string | undefined;
  readonly fix: Step | undefined;
  /** What is left to choose beside it. */
  readonly left: { readonly says: string; readonly step: Step | undefined } | undefined;
  /** The latest of each kind, in the order of {@link records}. */
  readonly runs: readonly RunView[];
  readonly records: readonly Pick<StreamView, 'name' | 'title' | 'count' | 'href'>[];
  readonly next: readonly { readonly icon: IconName; readonly text: string }[];
  readonly live: boolean;
  readonly canManage: boolean;
  readonly canSync: boolean;
  /** Where it hears how far runs are; none for a test of the rest. */
  readonly liveHref?: string;
}

export function firstSyncPage(input: FirstSyncInput): FirstSyncPage {
  const { template, integration, href, health, viewer } = input;
  const works = integration.status === 'active' && integration.enabled;
  const streams = streamViews({ ...input, working: works });
  const runs = streams.flatMap(({ name }) => input.runs.find(({ stream }) => stream === name) ?? []);
  const live = runs.some(isActive);
  const failed = runs.find(({ status }) => status === 'failed');
  const trouble = troubleOf(input, failed);
  const done = !live && !trouble;
  const { name } = integration;
  return {
    plugin: pluginHead(template),
    integration: { name, href, account: integration.account?.label },
    steps: wizardSteps(done ? 'done' : 'sync', template, integration.method),
    ...wordsOf({ done, live, trouble, toChoose: health.fix?.by === 'settings' && !failed, name }),
    done,
    trouble,
    fix: trouble && viewer.manage ? fixFor(input, failed) : undefined,
    left: leftBeside(input, failed),
    runs: runs.map((run) => runView(run, streamTitle(template, run.stream), { latest: true, base: href })),
    records: streams.filter(({ count, syncs }) => count > 0 || syncs),
    next: nextOf(input, streams),
    live,
    canManage: viewer.manage,
    canSync: works && streams.some(({ syncs }) => syncs),
  };
}

interface Outcome {
  readonly done: boolean;
  readonly live: boolean;
  readonly trouble: string | undefined;
  /** Nothing failed: a setting still wants a choice. */
  readonly toChoose: boolean;
  readonly name: string;
}

function wordsOf({ done, live, trouble, toChoose, name }: Outcome): Pick<FirstSyncPage, 'heading' | 'says'> {
  if (done) return { heading: t('wizard.doneTitle', { name }), says: t('wizard.doneSays') };
  const says = live ? t('wizard.syncingSays') : t(toChoose ? 'wizard.todoSays' : 'wizard.troubleSays');
  if (!trouble) return { heading: t('wizard.syncingTitle', { name }), says };
  return { heading: t(toChoose ? 'wizard.todoTitle' : 'wizard.troubleTitle'), says };
}

/** A setting is still to be chosen, and nothing worse is the matter with the connection as a whole. */
function leavesChoice({ health, integration }: FirstSyncInput): boolean {
  return integration.status === 'active' && health.fix?.by === 'settings' && health.todo.length > 0;
}

/** What could not be read at all comes before what should be chosen. */
function fixFor(input: FirstSyncInput, failed: Run | undefined): Step | undefined {
  const { integration, health, template, href } = input;
  const advised =
    failed && leavesChoice(input) && adviceFor({ run: failed, provider: template.name, href, canManage: true })?.link;
  return advised ? { ...advised, full: `${advised.text}: ${integration.name}` } : fixOf(integration, health);
}

function leftBeside(input: FirstSyncInput, failed: Run | undefined): FirstSyncPage['left'] {
  const { health, integration, viewer } = input;
  if (!failed || !leavesChoice(input)) return undefined;
  return { says: said(health.reason ?? ''), step: viewer.manage ? fixOf(integration, health) : undefined };
}

function troubleOf(input: FirstSyncInput, failed: Run | undefined): string | undefined {
  const { health, integration, template } = input;
  const choosing = failed !== undefined && leavesChoice(input);
  if (integration.status !== 'active' || (health.state === 'attention' && !choosing)) {
    return said(health.reason ?? integration.message ?? '') || t('wizard.stopped');
  }
  if (!failed) return undefined;
  const stream = streamTitle(template, failed.stream);
  return said(failed.message ?? '') || t('wizard.failed', { stream });
}

/** What happens from now on without anybody doing anything, and what the person can do. */
function nextOf({ template, integration, schedules }: FirstSyncInput, streams: readonly StreamView[]): FirstSyncPage['next'] {
  const handlers = template.loaded?.plugin.handlers;
  const synced = schedules.filter(({ everyMinutes }) => everyMinutes);
  const shortest = synced.toSorted((one, other) => Number(one.everyMinutes) - Number(other.everyMinutes))[0];
  const often = streams.find(({ name }) => name === shortest?.stream)?.often;
  const hears = handlers?.webhook !== undefined;
  const told = hears && !integration.webhookProblem;
  const next: { icon: IconName; text: string }[] = [];
  if (often) next.push({ icon: 'sync', text: t('wizard.next.schedule', { often: lowered(often) }) });
  if (told) next.push({ icon: 'bolt', text: t('wizard.next.changes', { plugin: template.name }) });
  if (hears && !told) next.push({ icon: 'alert', text: t('wizard.next.noChanges', { plugin: template.name }) });
  if (Object.keys(handlers?.actions ?? {}).length > 0) next.push({ icon: 'plug', text: t('wizard.next.actions') });
  next.push({ icon: 'wait', text: t('wizard.next.told') });
  return next;
}

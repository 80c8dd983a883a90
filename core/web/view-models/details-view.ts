import type { Health } from '../../integrations/health.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Form } from '../../sdk/index.ts';
import type { Run } from '../../syncs/syncs.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import type { Offer } from './barred-view.ts';
import { type ConnectionView, connectionView } from './connection-view.ts';
import { type Abouts, type EventInput, type EventView, eventView, failureOf, type KeptView } from './event-view.ts';
import { type Grouped, grouped } from './grouped.ts';
import { type CheckView, healthChecks } from './health-view.ts';
import { manifestOf, type PluginHead, pluginHead } from './plugin-view.ts';
import { isActive, isRetrying, type RunView, runView } from './run-view.ts';
import { settingText } from './setting-text.ts';
import { type ScheduleInput, type StreamView, streamViews } from './stream-view.ts';
import { streamTitle } from './stream-words.ts';

export interface DetailsPage {
  readonly plugin: PluginHead;
  readonly integration: ConnectionView;
  readonly description: string | undefined;
  /** One sentence on how it is, and one on what comes next. */
  readonly says: string;
  readonly checks: readonly CheckView[];
  readonly streams: readonly StreamView[];
  readonly facts: readonly Fact[];
  readonly settings: readonly { readonly label: string; readonly value: string }[];
  readonly runs: readonly RunView[];
  readonly events: readonly Grouped<EventView>[];
  /** Something was received that is not among them. */
  readonly unlisted: boolean;
  /** What failed or waits, by reason; none for a test of the rest. */
  readonly kept?: readonly KeptView[];
  /** What the viewer can have done at the provider, or could with other settings; none for a test of the rest. */
  readonly actions?: readonly Offer[];
  readonly webhookUrl: string | undefined;
  /** Nobody but its owner can tell the provider that address. */
  readonly byHand: boolean;
  readonly canManage: boolean;
  readonly canSync: boolean;
  /** There are syncs to tell of, or may be. */
  readonly listsRuns: boolean;
  /** Changes come by themselves. */
  readonly hears: boolean;
  readonly canTest: boolean;
  /** Not where it is the step that is needed, which is offered above. */
  readonly offersReconnect: boolean;
  readonly canConfigure: boolean;
  readonly canPause: boolean;
  readonly canResume: boolean;
  readonly live: boolean;
  /** Where a set-up that was left goes on; none for a test of the rest. */
  readonly setUpHref?: string | undefined;
  /** Where it hears how far runs are; none for a test of the rest. */
  readonly liveHref?: string;
  readonly sandboxHref: string | undefined;
}

export interface Fact {
  readonly label: string;
  readonly value: string | undefined;
  readonly at: Date | undefined;
}

export interface DetailsInput {
  readonly template: Template;
  readonly integration: Integration;
  readonly counts: Readonly<Record<string, number>>;
  readonly runs: readonly Run[];
  readonly events: readonly EventInput[];
  readonly abouts?: Abouts;
  readonly schedules: readonly ScheduleInput[];
  readonly health: Health;
  readonly webhookUrl: string | undefined;
  readonly viewer: { readonly manage: boolean };
  readonly sandbox: boolean;
  /** Id of a synced record → what it is called, for settings that are chosen from them. */
  readonly names?: Readonly<Record<string, string>>;
  /** Secret settings that have a value. */
  readonly stored?: readonly string[];
}

export function detailsPage(input: DetailsInput): DetailsPage {
  const { template, integration, runs } = input;
  const live = runs.some(isActive);
  const connection = connectionView({ template, integration, counts: input.counts, syncing: live, health: input.health });
  const working = connection.works;
  return {
    plugin: pluginHead(template),
    integration: connection,
    description: integration.description,
    says: saysOf(connection, input),
    checks: healthChecks(input.health, isUnsubscribed(input)),
    streams: streamViews({ ...input, href: connection.href, working }),
    facts: factsOf(integration),
    settings: settingsOf(input),
    runs: runs.map((run, at) =>
      runView(run, streamTitle(template, run.stream), {
        latest: !runs.slice(0, at).some(({ stream }) => stream === run.stream),
        base: connection.href,
      }),
    ),
    events: grouped(
      input.events.map((event) => eventView(event, input.abouts)),
      failureOf,
    ),
    unlisted: input.events.length === 0 && (input.health.webhooks?.pending ?? 0) > 0,
    webhookUrl: input.webhookUrl,
    // What is still to be chosen comes first: with it the hub registers by itself, where it can.
    byHand: input.viewer.manage && isByHand(input) && integration.status === 'active' && input.health.todo.length === 0,
    canManage: input.viewer.manage,
    canSync: connection.canSync,
    listsRuns: connection.syncs || runs.length > 0,
    hears: input.webhookUrl !== undefined || input.events.length > 0,
    canConfigure: input.viewer.manage && !['disconnected', 'unavailable'].includes(connection.state),
    canPause: input.viewer.manage && working,
    canResume: input.viewer.manage && connection.state === 'paused',
    canTest: working || integration.status === 'error',
    offersReconnect: input.health.fix?.by !== 'reconnect',
    live,
    sandboxHref: input.sandbox && integration.sandbox ? `/sandbox/${template.id}` : undefined,
  };
}

function saysOf(connection: ConnectionView, { template, integration, runs, health }: DetailsInput): string {
  if (connection.state === 'unavailable') return t('details.outOfService', { plugin: template.name });
  if (connection.state === 'paused') return t('details.paused');
  if (connection.state === 'connecting') return t('details.connecting');
  const active = connection.works ? runs.filter(isActive) : [];
  if (active.length > 0 && active.every(isRetrying)) {
    return t('details.retrying', { plugin: template.name });
  }
  // The button beside it says what to do.
  if (health.reason && health.reason === health.todo[0]?.text) return said(health.reason);
  if (active.length > 0) return t('details.syncing');
  if (health.reason) return reasonAndStep(health.reason, health.nextStep);
  if (!integration.lastSyncedAt && connection.syncs) return t('details.notSynced');
  return notesOf(runs) || t('details.well');
}

/** A reason that ends with what to do needs no second word of it. */
function reasonAndStep(reason: string, step: string | null): string {
  const told = /\b(connect (it again|again|with it)|reconnect)\b[^.]*\.$/i.test(reason);
  return told || !step ? said(reason) : `${said(reason)} ${said(step)}`;
}

/** Sentences under a heading; each run shows its own. */
const MOST_NOTES = 3;

/** What the latest sync of each stream could not read, or how it is to be read; each sentence once. */
function notesOf(runs: DetailsInput['runs']): string {
  const latest = new Map([...runs].reverse().map((run) => [run.stream, run]));
  const notes = [...new Set([...latest.values()].flatMap(({ notes = [] }) => notes))];
  const left = notes.length - MOST_NOTES;
  return [...notes.slice(0, MOST_NOTES).map(said), ...(left > 0 ? [t('details.moreNotes', { count: left })] : [])].join(' ');
}

function isUnsubscribed({ template, integration }: DetailsInput): boolean {
  return template.loaded?.plugin.handlers?.webhook?.subscribe !== undefined && integration.webhookSubscription === undefined;
}

/** The provider knows the address of this very connection from its owner alone, or not at all. */
export function isByHand({ template, integration }: Pick<DetailsInput, 'template' | 'integration'>): boolean {
  return template.loaded?.plugin.handlers?.webhook?.scope === 'integration' && integration.webhookSubscription === undefined;
}

function factsOf(integration: Integration): Fact[] {
  const facts: Fact[] = [
    { label: t('details.account'), value: integration.account?.label, at: undefined },
    { label: t('details.accountNumber'), value: integration.account?.externalId, at: undefined },
    { label: t('details.connectedWith'), value: t(`details.method.${integration.method}`), at: undefined },
    { label: t('details.connectedAt'), value: undefined, at: integration.connectedAt },
    { label: t('details.lastTested'), value: undefined, at: integration.lastTestedAt },
    { label: t('details.reference'), value: integration.id, at: undefined },
  ];
  return facts.filter(({ value, at }) => value !== undefined || at !== undefined);
}

/** The settings in words; secrets say only that they are stored. */
function settingsOf({ template, integration, names, stored = [] }: DetailsInput): { label: string; value: string }[] {
  const form: Form | undefined = manifestOf(template)?.config;
  return Object.entries(form?.properties ?? {}).map(([name, field]) => {
    const value = integration.config[name];
    // An older version of the plugin may have kept in the open what is a secret now.
    const secret = field.type === 'string' && field['x-secret'] && (stored.includes(name) || value !== undefined);
    return { label: field.title, value: secret ? t('settings.secret') : settingText(field, value, names) };
  });
}

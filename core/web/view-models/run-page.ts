import type { Template } from '../../plugins/registry.ts';
import type { Run } from '../../syncs/syncs.ts';
import { number } from '../words/format.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type Advice, adviceFor } from './run-advice.ts';
import { isActive, type RunInput, type RunView, runView } from './run-view.ts';
import { streamTitle } from './stream-words.ts';

export interface RunDetailsPage {
  readonly integration: { readonly name: string; readonly href: string };
  readonly run: RunView;
  /** What it came to, in one sentence. */
  readonly says: string;
  readonly advice: Advice | undefined;
  readonly facts: readonly RunFact[];
  readonly failures: RunView['failures'];
  readonly canManage: boolean;
  readonly canSync: boolean;
  readonly live: boolean;
  readonly liveHref: string;
}

export interface RunFact {
  readonly label: string;
  readonly value: string | undefined;
  readonly at: Date | undefined;
}

export interface RunPageInput {
  readonly template: Template;
  readonly integration: { readonly name: string; readonly href: string };
  readonly run: RunInput;
  /** No later run of the stream has answered what this one asks. */
  readonly latest: boolean;
  /** When the latest run of its stream that brought everything had begun. */
  readonly freshAt: Date | undefined;
  readonly canManage: boolean;
  readonly canSync: boolean;
  readonly liveHref: string;
}

export function runPage({ template, integration, run, latest, freshAt, ...rest }: RunPageInput): RunDetailsPage {
  const view = runView(run, streamTitle(template, run.stream), { latest, base: integration.href });
  const { href } = integration;
  return {
    integration,
    run: view,
    says: saidIf(run.message) || view.result,
    advice: adviceFor({ run, freshAt, provider: template.name, href, canManage: rest.canManage }),
    facts: factsOf(run, view),
    failures: view.failures,
    live: isActive(run),
    ...rest,
  };
}

function factsOf(run: Run, { why, took }: RunView): RunFact[] {
  const ended = !isActive(run);
  // While it goes on, the sentence above says how far it is.
  const counted = (label: string, value: number) => fact(label, ended && value > 0 ? number(value) : undefined);
  const facts = [
    fact(t('run.why'), run.requestedBy ? t('run.whyBy', { why, who: run.requestedBy }) : why),
    fact(t('run.reads'), t(run.mode === 'full' ? 'run.everything' : 'run.changes')),
    time(t('run.askedFor'), run.queuedAt),
    time(t('run.began'), run.startedAt),
    time(t('run.ended'), run.finishedAt),
    fact(t('run.took'), took),
    counted(t('run.pages'), run.pages),
    fact(t('run.recordsRead'), ended ? number(run.seen) : undefined),
    counted(t('run.written'), run.written),
    counted(t('run.unchanged'), run.unchanged),
    counted(t('run.removed'), run.deleted),
    counted(t('run.older'), run.older),
    counted(t('run.failed'), run.failed),
    fact(t('run.held'), run.held === undefined ? undefined : t('words.records', { count: run.held })),
    fact(t('details.reference'), run.id),
  ];
  return facts.filter(({ value, at }) => value !== undefined || at !== undefined);
}

function fact(label: string, value: string | undefined): RunFact {
  return { label, value, at: undefined };
}

function time(label: string, at: Date | undefined): RunFact {
  return { label, value: undefined, at };
}

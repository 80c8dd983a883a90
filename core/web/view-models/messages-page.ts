import type { EventState } from '../../inbox/event-entity.ts';
import type { EventView as ReceivedEvent } from '../../inbox/event-store.ts';
import { ENDED, type Kept } from '../../inbox/replay-store.ts';
import type { Unsorted } from '../../inbox/spool-figures-store.ts';
import type { Health } from '../../integrations/health.ts';
import { whyInactive } from '../../integrations/integration.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { BOUNDS } from '../../privacy/retention-store.ts';
import { filterQuery } from '../http/filter-query.ts';
import type { MessageQuery } from '../http/message-query.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type Abouts, type EventView, eventView, faceOf, failureOf, type KeptView, keptView } from './event-view.ts';
import { type Grouped, grouped } from './grouped.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';

export interface MessagesPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string };
  readonly here: string;
  /** By what became of them. */
  readonly tabs: readonly Tab[];
  /** Why some failed or wait. */
  readonly reasons: readonly (KeptView & { readonly href: string })[];
  /** How many did for others, less frequent ones. */
  readonly otherwise: number;
  readonly query: MessageQuery;
  readonly filtered: boolean;
  readonly messages: readonly (Grouped<EventView & { readonly canChoose: boolean }> & {
    /** Of all it stands for. */
    readonly ids: string;
  })[];
  readonly canChoose: boolean;
  /** Why nothing can be handled again for now. */
  readonly waits: string | undefined;
  /** `all 12 that failed or wait` */
  readonly all: string | undefined;
  /** Received, and about to be listed. */
  readonly unsorted: { readonly count: number; readonly since: Date | null } | undefined;
  /** How many were received that this version cannot read, with those that wait behind them. */
  readonly unreadable: number;
  /** Whether any were. */
  readonly unlisted: boolean;
  /** It used to call, and stopped. */
  readonly silence: { readonly since: Date | undefined } | undefined;
  readonly days: number;
  readonly daysBounds: typeof BOUNDS.messages;
  readonly canManage: boolean;
}

interface Tab {
  readonly text: string;
  readonly count: number;
  readonly href: string;
  readonly current: boolean;
}

export interface MessagesInput {
  readonly template: Template;
  readonly integration: Integration;
  readonly href: string;
  readonly viewer: { readonly manage: boolean };
  readonly query: MessageQuery;
  readonly found: readonly ReceivedEvent[];
  readonly abouts: Abouts;
  readonly counts: Readonly<Partial<Record<EventState, number>>>;
  readonly unsorted: Unsorted;
  readonly kept: readonly Kept[];
  readonly days: number;
  /** How many of those that fit can be handled again. */
  readonly again: number;
  readonly health: Pick<Health, 'webhooks'>;
}

/** That the messages of an integration can have. */
export const STATES = ['pending', 'handled', 'parked', 'dead'] as const;
const BLANK: MessageQuery = { state: '', reason: '', from: '', until: '' };

export function messagesPage(input: MessagesInput): MessagesPage {
  const { template, integration, href, viewer, query, found, unsorted, health } = input;
  const here = `${href}/events`;
  const waits = whyInactive(integration);
  const mayAgain = viewer.manage && waits === undefined;
  const rows = found.map((message) => ({
    ...eventView(message, input.abouts),
    canChoose: mayAgain && ENDED.some((state) => state === message.state),
  }));
  const messages = grouped(rows, failureOf).map((row) => ({ ...row, ids: idsOf(row) }));
  const at = (change: Partial<MessageQuery>) => [here, filterQuery({ ...query, ...change })].filter(Boolean).join('?');
  return {
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    here,
    tabs: tabsOf(input, at),
    reasons: input.kept.map((kept) => ({
      ...keptView(kept),
      href: `${here}?${filterQuery({ ...BLANK, state: kept.state, reason: kept.reason ?? '' })}`,
    })),
    otherwise: otherwiseOf(input),
    query,
    filtered: filterQuery(query) !== '',
    messages,
    canChoose: messages.some(({ canChoose }) => canChoose),
    waits: viewer.manage && input.again > 0 ? saidIf(waits) : undefined,
    all: input.again > 0 && mayAgain ? allWords(input.again, query) : undefined,
    unsorted: unsorted.count > 0 && unsorted.unreadable === 0 ? unsorted : undefined,
    unlisted: unsorted.count + unsorted.unreadable > 0,
    unreadable: unsorted.unreadable > 0 ? unsorted.unreadable + unsorted.count : 0,
    silence: health.webhooks?.silent ? { since: health.webhooks.lastEventAt ?? undefined } : undefined,
    days: input.days,
    daysBounds: BOUNDS.messages,
    canManage: viewer.manage,
  };
}

/** Only the most frequent reasons are read. */
function otherwiseOf({ counts, kept }: MessagesInput): number {
  const told = kept.reduce((sum, { count }) => sum + count, 0);
  return Math.max(0, (counts.dead ?? 0) + (counts.parked ?? 0) - told);
}

function idsOf({ id, repeats }: Grouped<EventView>): string {
  return repeats.length > 0 ? repeats.map((one) => one.id).join() : id;
}

function tabsOf({ query, counts }: MessagesInput, at: (change: Partial<MessageQuery>) => string): Tab[] {
  const total = STATES.reduce((sum, state) => sum + (counts[state] ?? 0), 0);
  const states = STATES.map((state) => ({ state, text: faceOf(state).state, count: counts[state] ?? 0 }));
  return [{ state: '', text: t('events.all'), count: total }, ...states]
    .filter(({ state, count }) => count > 0 || state === query.state || state === '')
    .map(({ state, text, count }) => ({
      text,
      count,
      href: at({ state, reason: '' }),
      current: state === query.state,
    }));
}

function allWords(count: number, { state, reason, from, until }: MessageQuery): string {
  const narrowed = Boolean(reason || from || until);
  if (state === '') return t(narrowed ? 'events.which.endedNarrowed' : 'events.which.ended', { count });
  return t(narrowed ? 'events.which.narrowed' : 'events.which.all', { count });
}

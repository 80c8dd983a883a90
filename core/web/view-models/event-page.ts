import type { Attempt } from '../../inbox/event-entity.ts';
import type { WholeEvent } from '../../inbox/event-store.ts';
import { whyInactive } from '../../integrations/integration.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { IconName } from '../icons.ts';
import { number, words } from '../words/format.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type Abouts, type EventView, eventView } from './event-view.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';

export interface AttemptView {
  readonly at: Date;
  readonly outcome: string;
  readonly tone: string;
  readonly icon: IconName;
  readonly took: string;
  readonly reason: string | undefined;
}

export interface EventPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string };
  readonly event: EventView;
  /** The provider's id of the message, its kind and what it is about, all in the provider's words. */
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** When it is tried next, where it failed before. */
  readonly nextAt: Date | undefined;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** As text, cut where it is long. */
  readonly body: string;
  readonly isCut: boolean;
  readonly attempts: readonly AttemptView[];
  readonly canManage: boolean;
  readonly canReplay: boolean;
}

export interface EventPageInput {
  readonly template: Template;
  readonly integration: Integration;
  readonly href: string;
  readonly event: WholeEvent;
  readonly abouts: Abouts;
  readonly viewer: { readonly manage: boolean };
}

/** Characters. */
const LONGEST = 20_000;
type Face = Pick<AttemptView, 'tone' | 'icon'>;
const FACES: Readonly<Record<Attempt['outcome'], Face>> = {
  handled: { tone: 'good', icon: 'check' },
  parked: { tone: 'warn', icon: 'off' },
  dead: { tone: 'bad', icon: 'fault' },
  retry: { tone: 'warn', icon: 'sync' },
};

export function eventPage({ template, integration, href, event, abouts, viewer }: EventPageInput): EventPage {
  return {
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    event: eventView(event, abouts),
    facts: [
      { label: t('events.number'), value: event.eventId },
      { label: t('runs.kind'), value: event.type },
      ...(event.object ? [{ label: t('events.about'), value: event.object }] : []),
      { label: t('events.size'), value: sizeOf(event.raw.length) },
    ],
    nextAt: event.state === 'pending' && event.attempts > 0 ? event.runAfter : undefined,
    headers: Object.entries(event.headers).map(([name, value]) => ({
      name: name.startsWith(':') ? words(name.slice(1)) : name,
      value,
    })),
    body: event.body.slice(0, LONGEST),
    isCut: event.body.length > LONGEST,
    attempts: event.trail.map(({ at, outcome, ms, reason }) => ({
      at: new Date(at),
      outcome: t(`events.outcome.${outcome}`),
      ...FACES[outcome],
      took: ms < 1000 ? t('events.ms', { ms }) : t('events.s', { s: number(Math.round(ms / 100) / 10) }),
      reason: saidIf(reason),
    })),
    canManage: viewer.manage,
    canReplay: viewer.manage && event.state !== 'pending' && whyInactive(integration) === undefined,
  };
}

function sizeOf(bytes: number): string {
  return bytes < 1024 ? t('events.bytes', { count: bytes }) : t('events.kilobytes', { count: Math.ceil(bytes / 1024) });
}

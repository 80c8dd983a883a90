import type { Attempt } from '../../inbox/event-entity.ts';
import type { WholeEvent } from '../../inbox/event-store.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { words } from '../words.ts';
import { type EventView, eventView } from './event-view.ts';
import { type PluginHead, pluginHead } from './plugin-view.ts';

export interface AttemptView {
  readonly at: Date;
  readonly outcome: string;
  readonly took: string;
  readonly reason: string | undefined;
}

export interface EventPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string };
  readonly event: EventView;
  /** The provider's id of the message. */
  readonly number: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** As text, cut where it is long. */
  readonly body: string;
  readonly isCut: boolean;
  readonly attempts: readonly AttemptView[];
  readonly canManage: boolean;
}

export interface EventPageInput {
  readonly template: Template;
  readonly integration: Pick<Integration, 'name'>;
  readonly href: string;
  readonly event: WholeEvent;
  readonly viewer: { readonly manage: boolean };
}

const LONGEST = 20_000;
const OUTCOMES: Readonly<Record<Attempt['outcome'], string>> = {
  handled: 'Handled',
  parked: 'Kept until reconnected',
  dead: 'Failed for good',
  retry: 'Failed, tried again later',
};

export function eventPage({ template, integration, href, event, viewer }: EventPageInput): EventPage {
  return {
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    event: eventView(event),
    number: event.eventId,
    headers: Object.entries(event.headers).map(([name, value]) => ({
      name: name.startsWith(':') ? words(name.slice(1)) : name,
      value,
    })),
    body: event.body.slice(0, LONGEST),
    isCut: event.body.length > LONGEST,
    attempts: event.trail.map(({ at, outcome, ms, reason }) => ({
      at: new Date(at),
      outcome: OUTCOMES[outcome] ?? words(outcome),
      took: ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`,
      reason,
    })),
    canManage: viewer.manage,
  };
}

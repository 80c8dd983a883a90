import type { NoticeMode } from '../../notices/choice-store.ts';
import type { Delivery } from '../../notices/delivery-store.ts';
import type { Endpoint } from '../../notices/endpoint-store.ts';
import type { Incident } from '../../notices/incident-store.ts';
import { wordsOf } from '../../notices/incident-words.ts';
import { EVENT_KINDS } from '../../notices/occurrence-store.ts';
import { said, saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type Grouped, grouped } from './grouped.ts';

export interface IncidentView {
  readonly title: string;
  readonly what: string;
  readonly meanwhile: string;
  readonly href: string;
  readonly button: string;
  readonly since: Date;
}

export interface NoticesPage {
  readonly incidents: readonly IncidentView[];
  /** Undefined for an operator who does not belong to the store. */
  readonly modes:
    | readonly { readonly value: string; readonly text: string; readonly hint: string; readonly chosen: boolean }[]
    | undefined;
  readonly email: string;
  readonly storeName: string;
  /** Mails go out, or become files on the machine of a first try. */
  readonly mailOff: boolean;
  readonly mailFiles: boolean;
  readonly canManage: boolean;
}

export interface NoticeStopPage {
  readonly action: string;
  readonly storeName: string;
  readonly stopped: boolean;
}

export interface EventChoice {
  readonly value: string;
  readonly text: string;
  readonly chosen: boolean;
}

export interface WebhookRow {
  readonly href: string;
  readonly url: string;
  readonly description: string | null;
  readonly state: string;
  readonly icon: string;
  readonly tone: string;
  readonly problem: string | null;
}

export interface WebhooksPage {
  readonly rows: readonly WebhookRow[];
  readonly events: readonly EventChoice[];
  readonly url: string;
  readonly description: string;
  readonly error: string | undefined;
}

export interface DeliveryRow {
  readonly id: string;
  readonly replay: string;
  readonly event: string;
  readonly state: string;
  readonly icon: string;
  readonly tone: string;
  readonly at: Date;
  readonly reason: string | null;
  readonly nextTryAt: Date | undefined;
  readonly attempts: number;
}

export interface WebhookPage {
  readonly href: string;
  readonly url: string;
  readonly description: string;
  readonly events: readonly EventChoice[];
  readonly enabled: boolean;
  readonly problem: string | null;
  readonly failingSince: Date | null;
  readonly formerUntil: Date | null;
  /** Shown this once. */
  readonly secret: string | undefined;
  readonly deliveries: readonly Grouped<DeliveryRow>[];
  readonly error: string | undefined;
}

export function incidentView(incident: Incident, plugin: string): IncidentView {
  const { title, what, meanwhile, path, button } = wordsOf(incident, plugin);
  const told = { title: said(title), what: said(what), meanwhile: said(meanwhile), button: said(button) };
  return { ...told, href: path, since: incident.since };
}

export function modeChoices(mode: NoticeMode): NonNullable<NoticesPage['modes']> {
  return (['at-once', 'daily', 'off'] as const).map((value) => ({
    value,
    text: t(`notices.mode.${value}`),
    hint: t(`notices.mode.${value}.hint`),
    chosen: value === mode,
  }));
}

export function eventChoices(chosen: readonly string[]): EventChoice[] {
  return EVENT_KINDS.map((value) => ({ value, text: t(`notices.event.${value}`), chosen: chosen.includes(value) }));
}

export function webhookRow({ id, url, description, enabled, problem }: Endpoint): WebhookRow {
  const [state, icon, tone] = !enabled
    ? ['off', 'off', 'bad']
    : problem
      ? ['failing', 'alert', 'warn']
      : ['works', 'check', 'good'];
  const words = t(`notices.endpoint.${state}`);
  return { href: `/notifications/webhooks/${id}`, url, description, state: words, icon, tone, problem: saidIf(problem) };
}

const SHOWN = { queued: ['wait', 'warn'], delivered: ['check', 'good'], failed: ['alert', 'bad'] } as const;

export function deliveryRows(deliveries: readonly Delivery[]): Grouped<DeliveryRow>[] {
  return grouped(deliveries.map(deliveryRow), saysOf);
}

/** What became of one that failed, and why; undefined for one that arrived, or was not tried yet. */
export function deliveryFailure(delivery: Delivery): string | undefined {
  return saysOf(deliveryRow(delivery));
}

function saysOf({ tone, event, reason }: DeliveryRow): string | undefined {
  return tone === SHOWN.failed[1] || reason ? JSON.stringify([tone, event, reason]) : undefined;
}

function deliveryRow({ endpointId, id, kind, state, reason, attempts, createdAt, nextTryAt }: Delivery): DeliveryRow {
  const [icon, tone] = SHOWN[state];
  return {
    id,
    replay: `/notifications/webhooks/${endpointId}/deliveries/${id}/replay`,
    event: kind,
    state: t(`notices.delivery.${state}`),
    icon,
    tone,
    at: createdAt,
    reason: saidIf(reason),
    nextTryAt: state === 'queued' && attempts > 0 ? nextTryAt : undefined,
    attempts,
  };
}

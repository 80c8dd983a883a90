import type { ListedEntry } from '../access/audit-list-store.ts';
import type { EventView } from '../inbox/event-store.ts';
import type { Incident } from '../notices/incident-store.ts';
import type { ListedRun } from '../syncs/run-list-store.ts';

export const KINDS = ['connection', 'test', 'sync', 'event', 'change', 'notice'] as const;
export type Kind = (typeof KINDS)[number];

/** `waiting`: it has not come to an end. */
export const OUTCOMES = ['done', 'failed', 'waiting'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** Who may have done it, besides a person by address: people on pages, programs with keys, the hub, a provider. */
export const DOERS = ['people', 'keys', 'hub', 'provider'] as const;

export interface StoreMail {
  readonly id: string;
  readonly recipient: string;
  readonly subject: string;
  readonly state: 'queued' | 'sent' | 'dead';
  readonly reason: string | null;
}

/** Something that happened in a store, as the place that keeps it tells it. */
export type Happening = {
  readonly id: string;
  readonly kind: Kind;
  readonly outcome: Outcome;
  readonly at: Date;
  /** The same to the microsecond, as Postgres writes it. */
  readonly mark: string;
  readonly integrationId: string | null;
  readonly pluginId: string | null;
} & Told;

export type Told =
  | { readonly from: 'audit'; readonly entry: ListedEntry }
  | { readonly from: 'run'; readonly run: ListedRun }
  | { readonly from: 'event'; readonly event: EventView }
  | { readonly from: 'incident'; readonly incident: Incident; readonly mended: boolean }
  | { readonly from: 'mail'; readonly mail: StoreMail };

export interface ActivitySought {
  readonly storeId: string;
  /** Also what only owners see: keys, people, mails. */
  readonly owner: boolean;
  readonly integrationId?: string | undefined;
  readonly kind?: Kind | undefined;
  readonly outcome?: Outcome | undefined;
  /** One of {@link DOERS}, or an address. */
  readonly who?: string | undefined;
  /** At this time or later. */
  readonly from?: Date | undefined;
  /** Before it. */
  readonly until?: Date | undefined;
}

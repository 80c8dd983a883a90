import type { DataSource } from 'typeorm';
import type { ListedEntry } from '../access/audit-list-store.ts';
import { cutPage, type Position } from '../database/list-page.ts';
import { selection, withoutNulls } from '../database/rows.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { WebhookEventEntity } from '../inbox/event-entity.ts';
import type { EventView } from '../inbox/event-store.ts';
import type { Incident } from '../notices/incident-store.ts';
import { SyncRunEntity } from '../syncs/run-entity.ts';
import type { ListedRun } from '../syncs/run-list-store.ts';
import type { ActivitySought, Happening, Kind, Outcome, StoreMail } from './activity.ts';
import { AUDIT, EVENTS, INCIDENTS, MAILS, RUNS } from './activity-sql.ts';

export interface ActivityPage {
  readonly happenings: Happening[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/** A file is read from the database in pieces of so many. */
const PIECE = 500;

const HIDDEN = {
  run: ['beganFrom', 'heartbeatAt', 'leaseOwner', 'runAfter', 'failures'],
  event: ['seq', 'account', 'data', 'raw', 'headers', 'trail'],
};
const IN_AUDIT: readonly Kind[] = ['connection', 'test', 'change'];
/** What actions begin with that everybody of a store may see, and those that only its owners do. */
const SEEN = ['integration', 'event', 'records'];
const SEEN_BY_OWNERS = [...SEEN, 'api-key', 'member', 'invitation', 'webhook', 'store', 'retention'];

const RUN_STATES: Readonly<Record<Outcome, readonly string[]>> = {
  done: ['succeeded', 'cancelled'],
  failed: ['failed', 'partial'],
  waiting: ['queued', 'running'],
};
const EVENT_STATES: Readonly<Record<Outcome, readonly string[]>> = {
  done: ['handled'],
  failed: ['dead'],
  waiting: ['pending', 'parked', 'unverified', 'unmatched'],
};
const MAIL_STATES: Readonly<Record<Outcome, readonly string[]>> = { done: ['sent'], failed: ['dead'], waiting: ['queued'] };

type Place = readonly unknown[];

/** What happened in a store, latest first, read from where it is kept: a bounded question to each, merged by time. */
export class ActivityStore {
  readonly #sql: Sql;
  readonly #runs: string;
  readonly #events: string;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
    const columns = selection(dataSource, SyncRunEntity, HIDDEN.run).split(', ');
    this.#runs = RUNS(columns.map((column) => `r.${column}`).join(', '));
    this.#events = EVENTS(selection(dataSource, WebhookEventEntity, HIDDEN.event));
  }

  async page(sought: ActivitySought, { limit, after }: { limit: number; after?: Position | undefined }): Promise<ActivityPage> {
    const { storeId, integrationId = null, from = null, until = null } = sought;
    const place = [storeId, integrationId, from, until, after?.at ?? null, after?.id ?? null, limit + 1];
    const found = await Promise.all([
      this.#audit(sought, place),
      this.#syncs(sought, place),
      this.#received(sought, place),
      this.#incidents(sought, place),
      this.#mails(sought, place),
    ]);
    const { page, next } = cutPage(found.flat().toSorted(latestFirst), limit, ({ id }) => id);
    return { happenings: page, next };
  }

  /** All that fit, a piece at a time, however many there are. */
  async *all(sought: ActivitySought): AsyncGenerator<Happening, void> {
    let after: Position | undefined;
    do {
      const { happenings, next } = await this.page(sought, { limit: PIECE, after });
      yield* happenings;
      after = next;
    } while (after);
  }

  async #audit({ kind, outcome, who, owner }: ActivitySought, place: Place): Promise<Happening[]> {
    const kinds = IN_AUDIT.filter((one) => !kind || one === kind);
    if (kinds.length === 0 || outcome === 'waiting' || who === 'provider') return [];
    const wentWrong = outcome ? outcome === 'failed' : null;
    const rows = await this.#sql.query<
      ListedEntry & { mark: string; kind: Kind; wentWrong: boolean; integrationId: string | null; pluginId: string | null }
    >(AUDIT, [...place, kinds, owner ? SEEN_BY_OWNERS : SEEN, wentWrong, who ?? null]);
    return rows.map(({ mark, kind: own, wentWrong: wrong, integrationId, pluginId, ...entry }) => ({
      ...{ from: 'audit' as const, entry, id: entry.id, kind: own, at: entry.at, mark, integrationId, pluginId },
      outcome: wrong ? 'failed' : 'done',
    }));
  }

  async #syncs({ kind, outcome, who }: ActivitySought, place: Place): Promise<Happening[]> {
    if ((kind && kind !== 'sync') || who === 'provider' || who === 'keys') return [];
    const states = outcome ? RUN_STATES[outcome] : null;
    const rows = await this.#sql.query<Record<string, unknown> & { mark: string }>(this.#runs, [...place, states, who ?? null]);
    return rows.map(({ mark, ...row }) => {
      const run = withoutNulls<ListedRun>(row);
      const { id, queuedAt: at, integrationId, pluginId, status } = run;
      return { from: 'run', run, id, kind: 'sync', outcome: outcomeIn(RUN_STATES, status), at, mark, integrationId, pluginId };
    });
  }

  async #received({ kind, outcome, who }: ActivitySought, place: Place): Promise<Happening[]> {
    if ((kind && kind !== 'event') || (who && who !== 'provider')) return [];
    const states = outcome ? EVENT_STATES[outcome] : null;
    const rows = await this.#sql.query<EventView & { mark: string }>(this.#events, [...place, states]);
    return rows.map(({ mark, ...event }) => {
      const { id, receivedAt: at, integrationId, pluginId, state } = event;
      return {
        from: 'event',
        event,
        id,
        kind: 'event',
        outcome: outcomeIn(EVENT_STATES, state),
        at,
        mark,
        integrationId,
        pluginId,
      };
    });
  }

  async #incidents({ kind, outcome, who }: ActivitySought, place: Place): Promise<Happening[]> {
    if ((kind && kind !== 'notice') || outcome === 'waiting' || (who && who !== 'hub')) return [];
    const rows = await this.#sql.query<Incident & { mark: string; at: Date; mended: boolean }>(INCIDENTS, [
      ...place,
      outcome ? outcome === 'done' : null,
    ]);
    return rows.map(({ mark, at, mended, ...incident }) => {
      const { id, pluginId, about } = incident;
      const told = { from: 'incident' as const, incident, mended, id, kind: 'notice' as const, at, mark };
      return { ...told, outcome: mended ? 'done' : 'failed', integrationId: pluginId ? about : null, pluginId };
    });
  }

  async #mails({ kind, outcome, who, owner, integrationId }: ActivitySought, place: Place): Promise<Happening[]> {
    if (!owner || integrationId || (kind && kind !== 'notice') || (who && who !== 'hub')) return [];
    const rows = await this.#sql.query<StoreMail & { mark: string; at: Date }>(MAILS, [
      ...place,
      outcome ? MAIL_STATES[outcome] : null,
    ]);
    return rows.map(({ mark, at, ...mail }) => {
      const told = { from: 'mail' as const, mail, id: mail.id, kind: 'notice' as const, at, mark };
      return { ...told, outcome: outcomeIn(MAIL_STATES, mail.state), integrationId: null, pluginId: null };
    });
  }
}

function outcomeIn(states: Readonly<Record<Outcome, readonly string[]>>, state: string): Outcome {
  if (states.done.includes(state)) return 'done';
  return states.failed.includes(state) ? 'failed' : 'waiting';
}

/** As the database puts them: by the microsecond, then by id. */
function latestFirst(one: Happening, other: Happening): number {
  const apart = other.at.getTime() - one.at.getTime() || within(other.mark) - within(one.mark);
  return apart || (one.id < other.id ? 1 : -1);
}

/** `2026-11-21 21:40:00.123456+00` → 123456 */
function within(mark: string): number {
  return Number((/\.(\d+)/.exec(mark)?.[1] ?? '').padEnd(6, '0'));
}

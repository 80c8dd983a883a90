import type { DataSource } from 'typeorm';
import { inPipeline } from '../database/pipeline.ts';
import { despiteConflicts, type Sql, sqlOf } from '../database/transaction.ts';
import { insertEvents, type NewEvent } from './event-insert.ts';
import { isRefused, storeInHalves, TooManyRefused } from './refused.ts';
import { ACTIVE, type Found, NOTE, OWNERS, TAKE, type Taken } from './spool-sql.ts';
import { Unreadable, unpacked } from './spooled.ts';

/** Of one turn. */
const BYTES = 128_000;
/** A turn in which more events are refused is undone and begins anew with as little as this; each one after it takes twice as much. */
const MOST_REFUSED = 64;
const FEW_BYTES = 8000;
/** What could not be read is tried again so soon: another version may have been at it. */
const UNREADABLE_MS = 60_000;

/**
 * A crash that forgets it has left all of it in the spool. A host that was cut off must not keep all others from sorting until
 * its connection is given up, which may be hours.
 */
const BEGIN = `set local synchronous_commit = off; set local lock_timeout = '5s'; set local idle_in_transaction_session_timeout = '10s'`;

const NONE = '00000000-0000-0000-0000-000000000000';
const BEGINNING: readonly [storeId: string, integrationId: string] = [NONE, NONE];
const NOTHING: Found = { got: false, places: 0, cut: false, last: null };

/** What one turn came to. */
export interface Turn {
  /** Events that were sorted in, known ones among them. */
  readonly sorted: number;
  /** Whether something may be waiting still. */
  readonly waits: boolean;
  /** Whether somebody else sorts just now, so that nothing could be looked at. */
  readonly busy: boolean;
}

type Store = (sql: Sql, events: readonly NewEvent[]) => Promise<unknown>;

/** Accepted messages that are not sorted into days, dedupe and queue yet. */
export class SpoolStore {
  readonly #dataSource: DataSource;
  readonly #store: Store;
  /** Where the last turn ended. */
  #last = BEGINNING;
  /** Of the next turn. */
  #bytes = BYTES;
  /** Integration → its first row that this version cannot read, and until when, by `performance.now()`, it waits there. */
  readonly #unreadable = new Map<string, { readonly row: string; readonly until: number }>();

  /** @param origin names this process to those who hear of its events; who sorts wakes itself */
  constructor(dataSource: DataSource, origin = '') {
    this.#dataSource = dataSource;
    this.#store = (sql, events) => insertEvents(sql, events, origin);
  }

  /**
   * Sorts in what came first, in one transaction; one event that cannot be stored as it is does not hold up the others, and
   * a row that cannot be read only what came behind it of its integration.
   * @param except integrations that have enough to do
   */
  async sort(except: readonly string[] = []): Promise<Turn> {
    const began = this.#last;
    const turn = await this.#carefully(except);
    const isEndOfRound = began !== BEGINNING && this.#last === BEGINNING;
    // Those at its beginning have waited longest.
    return turn.sorted === 0 && isEndOfRound ? this.#carefully(except) : turn;
  }

  async #carefully(except: readonly string[], store = this.#store): Promise<Turn> {
    try {
      return await despiteConflicts(() => this.#turn(except, store));
    } catch (error) {
      if (error instanceof UnreadableRows) {
        await this.#note(error);
        return this.#carefully(except, store);
      }
      if (error instanceof TooManyRefused) this.#bytes = FEW_BYTES;
      else if (store === this.#inHalves || !isRefused(error)) throw error;
      return this.#carefully(except, this.#inHalves);
    }
  }

  /** However much is refused, nobody waits long for the others' turn. */
  readonly #inHalves: Store = (sql, events) =>
    storeInHalves(sql, events, this.#bytes > FEW_BYTES ? MOST_REFUSED : Number.POSITIVE_INFINITY);

  #turn(except: readonly string[], store: Store): Promise<Turn> {
    return inPipeline(this.#dataSource, async (sql) => {
      const begun = sql.query(BEGIN);
      begun.catch(() => undefined);
      const params = [...this.#last, this.#bytes, except, ...this.#unreadableNow()];
      const rows = await sql.query<Found & Partial<Taken>>(TAKE, params, 'spool_take');
      const { got, places, cut, last } = rows[0] ?? NOTHING;
      const events = eventsOf(rows.filter((row): row is Found & Taken => row.id !== null));
      if (events.length > 0) await store(sql, await asTheyAreNow(sql, events));
      const isWhole = this.#last === BEGINNING;
      if (got) this.#last = (cut || places === OWNERS) && last ? last : BEGINNING;
      this.#bytes = Math.min(this.#bytes * 2, BYTES);
      return { sorted: events.length, waits: !got || places > 0 || !isWhole, busy: !got };
    });
  }

  #unreadableNow(): [integrations: string[], rows: string[]] {
    const now = performance.now();
    for (const [id, { until }] of this.#unreadable) if (until <= now) this.#unreadable.delete(id);
    return [[...this.#unreadable.keys()], Array.from(this.#unreadable.values(), ({ row }) => row)];
  }

  /** Kept as it is for a version that can read it, and told. */
  async #note({ found }: UnreadableRows): Promise<void> {
    const until = performance.now() + UNREADABLE_MS;
    for (const { integrationId, id } of [...found].reverse()) this.#unreadable.set(integrationId, { row: id, until });
    await sqlOf(this.#dataSource).query(NOTE, [
      found.map(({ storeId }) => storeId),
      found.map(({ integrationId }) => integrationId),
      found.map(({ id }) => id),
      found.map(({ problem }) => problem),
    ]);
  }
}

/** Rows in their order, and what is the matter with each. */
class UnreadableRows extends Error {
  override readonly name = 'UnreadableRows';
  readonly found: readonly (Taken & { readonly problem: string })[];

  constructor(found: UnreadableRows['found']) {
    super('rows of accepted messages cannot be read');
    this.found = found;
  }
}

/** @throws UnreadableRows for any that cannot be read */
function eventsOf(rows: readonly Taken[]): NewEvent[] {
  const found: (Taken & { problem: string })[] = [];
  const events = rows.flatMap((row) => {
    try {
      return unpacked(row.events, row);
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      found.push({ ...row, problem: error.message });
      return [];
    }
  });
  if (found.length > 0) throw new UnreadableRows(found);
  return events;
}

/** What came while its integration could not handle it need not wait for that where it can by now. */
async function asTheyAreNow(sql: Sql, events: readonly NewEvent[]): Promise<readonly NewEvent[]> {
  const parked = new Map(events.flatMap((event) => (event.state === 'parked' ? [[event.integrationId, event.storeId]] : [])));
  if (parked.size === 0) return events;
  const rows = await sql.query<{ id: string }>(ACTIVE, [[...parked.values()], [...parked.keys()]]);
  const active = new Set<string | undefined>(rows.map(({ id }) => id));
  return events.map((event) => {
    const isReleased = event.state === 'parked' && active.has(event.integrationId);
    return isReleased ? { ...event, state: 'pending', reason: undefined } : event;
  });
}

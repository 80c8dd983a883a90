import type { DataSource } from 'typeorm';
import { copyRows } from '../database/copy-rows.ts';
import { prepared } from '../database/prepared.ts';
import { isDatabaseAway, sqlOf } from '../database/transaction.ts';
import { Bell } from './bell.ts';
import type { Lease } from './claim-sql.ts';
import { type Arrivals, EventCopy } from './event-copy.ts';
import { distinct, insertEvents, type NewEvent, wake } from './event-insert.ts';

/** A worker's hand for an event, free while it is stored. */
export interface Handoff extends Lease {
  readonly event: NewEvent;
  /** @param seq its number, once it is stored and claimed; undefined when it was not, or not claimed */
  readonly ended: (seq: string | undefined) => void;
}

/** The worker of the process that stores an event. */
export interface Hands {
  /** Whether it takes this one at once. */
  readonly offer: (event: NewEvent) => Handoff | undefined;
  /** Something is to be claimed, or to be sorted in first. */
  readonly stored: (isSpooled: boolean) => void;
}

/** Senders give up after ten seconds or so; by then they should know. */
const CALLER_WAITS_MS = 8000;

/** From so many events in one flush on, those of an integration that has several among them are spooled. */
const SPOOLED_FROM = 16;
/** What comes so soon behind what was spooled is, too, without asking whether that was sorted in by now. */
const SPOOL_LASTS_MS = 500;
const NOTHING: Arrivals['rows'] = new Map();

/** Stores what came together, in transactions of its own, and sees to it that workers know. */
export class ArrivalStore {
  readonly #dataSource: DataSource;
  readonly #origin: string;
  readonly #copies: EventCopy[] = [];
  readonly #bell: Bell;
  #hands: Hands | undefined;
  /** Integration → until when, by `performance.now()`, what comes is spooled as well. */
  readonly #spooled = new Map<string, number>();

  /** @param origin names this process to those who hear of its events */
  constructor(dataSource: DataSource, origin: string) {
    this.#dataSource = dataSource;
    this.#origin = origin;
    this.#bell = new Bell(() => wake(sqlOf(dataSource), origin));
  }

  handTo(hands: Hands): void {
    this.#hands = hands;
  }

  /**
   * Messages seen within 8 days are left out, of what is spooled later.
   * @throws whatever the database says; some of it may be stored then, which does no harm when it comes again
   */
  async add(events: readonly NewEvent[]): Promise<void> {
    const arrivals = this.#split(events);
    const handoff = this.#handoff(arrivals.rows);
    let seq: string | undefined;
    try {
      const stored = await this.#store(arrivals, handoff);
      seq = stored.seq;
      if (seq === undefined || arrivals.rows.size > 1 || stored.isSpooled) this.#hands?.stored(stored.isSpooled);
    } finally {
      handoff?.ended(seq);
    }
  }

  /** Many at once are spooled, in rows of one integration; one alone is sorted in at once, unless others of its wait there. */
  #split(events: readonly NewEvent[]): Arrivals {
    const isMany = events.length >= SPOOLED_FROM;
    this.#forgetSpooled();
    if (!isMany && this.#spooled.size === 0) return { rows: distinct(events), spooled: [] };
    const direct: NewEvent[] = [];
    const spooled: NewEvent[][] = [];
    for (const [owner, own] of Map.groupBy(events, ownerOf)) {
      if (owner !== undefined && isMany && own.length > 1) spooled.push(this.#spool(owner, own));
      else if (owner !== undefined && this.#spooled.has(owner)) spooled.push(own);
      else direct.push(...own);
    }
    // Whoever sorts in what is spooled tells copies of a message by himself.
    return { rows: distinct(direct), spooled };
  }

  /** They stand in the order of their times. */
  #forgetSpooled(): void {
    const now = performance.now();
    for (const [owner, until] of this.#spooled) {
      if (until > now) return;
      this.#spooled.delete(owner);
    }
  }

  #spool(owner: string, events: NewEvent[]): NewEvent[] {
    this.#spooled.delete(owner);
    this.#spooled.set(owner, performance.now() + SPOOL_LASTS_MS);
    return events;
  }

  /** The first that it is taken; each of the others takes its turn with all that waits. */
  #handoff(rows: ReadonlyMap<string, NewEvent>): Handoff | undefined {
    for (const event of rows.values()) {
      const handoff = event.state === 'pending' ? this.#hands?.offer(event) : undefined;
      if (handoff) return handoff;
    }
    return undefined;
  }

  /** @returns the number of what was handed over, and whether any may have been spooled */
  async #store(arrivals: Arrivals, handoff: Handoff | undefined): Promise<{ seq?: string | undefined; isSpooled: boolean }> {
    const { rows, spooled } = arrivals;
    const tells = !(handoff && rows.size === 1 && spooled.length === 0) && this.#bell.takesTurn();
    const copied = await this.#copy(arrivals, tells ? this.#origin : undefined, handoff);
    if (copied) {
      const seq = copied[0]?.[0];
      const isLeft = ({ id, state }: NewEvent) => state === 'pending' && !(seq !== undefined && id === handoff?.event.id);
      if (!tells && (spooled.length > 0 || [...rows.values()].some(isLeft))) this.#bell.missed();
      return { seq, isSpooled: spooled.length > 0 };
    }
    await this.#storeByOwner(arrivals);
    this.#bell.missed();
    return { isSpooled: true };
  }

  /**
   * COPY knows no exceptions: what it refuses of an integration (a message seen before, or one that must not overtake what is
   * spooled) is spooled, too, and whoever sorts it in knows them. What is nobody's yet is stored by the statement that does.
   */
  async #storeByOwner({ rows, spooled }: Arrivals): Promise<void> {
    const owners = Map.groupBy(rows.values(), ownerOf);
    if (spooled.length > 0) await this.#write({ rows: NOTHING, spooled });
    // One alone was refused just now; of several only those at fault shall be.
    const isAlone = owners.size + spooled.length === 1;
    const store = async ([owner, events]: [string | undefined, NewEvent[]]): Promise<unknown> => {
      if (!isAlone && (await this.#copy({ rows: distinct(events), spooled: [] }))) return;
      if (owner !== undefined) return this.#write({ rows: NOTHING, spooled: [this.#spool(owner, events)] });
      return insertEvents(prepared(this.#dataSource, 'inbox_insert', CALLER_WAITS_MS), events);
    };
    await Promise.all(Array.from(owners, store));
  }

  /** Undefined when it was refused. */
  async #copy(arrivals: Arrivals, news?: string, handoff?: Handoff): Promise<readonly string[][] | undefined> {
    try {
      return await this.#write(arrivals, news, handoff);
    } catch (error) {
      // Its memory may still be on its way to the database.
      if (isDatabaseAway(error)) throw error;
      return undefined;
    }
  }

  async #write(arrivals: Arrivals, news?: string, handoff?: Handoff): Promise<readonly string[][]> {
    const copy = this.#copies.pop() ?? new EventCopy();
    const answer = await copyRows(this.#dataSource, copy.of(arrivals, news, handoff), CALLER_WAITS_MS);
    this.#copies.push(copy);
    return answer;
  }
}

function ownerOf({ integrationId }: NewEvent): string | undefined {
  return integrationId;
}

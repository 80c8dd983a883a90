import type { DataSource } from 'typeorm';
import { copyRows } from '../database/copy-rows.ts';
import { prepared } from '../database/prepared.ts';
import { isDatabaseAway, sqlOf } from '../database/transaction.ts';
import { Bell } from './bell.ts';
import type { Lease } from './claim-sql.ts';
import { EventCopy } from './event-copy.ts';
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
  /** Something is to be claimed. */
  readonly stored: () => void;
}

/** Senders give up after ten seconds or so; by then they should know. */
const CALLER_WAITS_MS = 8000;

/** Stores what came together, in one transaction of its own, and sees to it that workers know. */
export class ArrivalStore {
  readonly #dataSource: DataSource;
  readonly #origin: string;
  readonly #copies: EventCopy[] = [];
  readonly #bell: Bell;
  #hands: Hands | undefined;

  /** @param origin names this process to those who hear of its events */
  constructor(dataSource: DataSource, origin: string) {
    this.#dataSource = dataSource;
    this.#origin = origin;
    this.#bell = new Bell(() => wake(sqlOf(dataSource), origin));
  }

  handTo(hands: Hands): void {
    this.#hands = hands;
  }

  /** Commits all or nothing; messages seen within 8 days are left out. @returns how many were new */
  async add(events: readonly NewEvent[]): Promise<number> {
    const rows = distinct(events);
    const handoff = this.#handoff(rows);
    let seq: string | undefined;
    try {
      const stored = await this.#store(events, rows, handoff);
      seq = stored.seq;
      if (seq === undefined || rows.size > 1) this.#hands?.stored();
      return stored.count;
    } finally {
      handoff?.ended(seq);
    }
  }

  /** The first that it is taken; each of the others takes its turn with all that waits. */
  #handoff(rows: ReadonlyMap<string, NewEvent>): Handoff | undefined {
    for (const event of rows.values()) {
      const handoff = event.state === 'pending' ? this.#hands?.offer(event) : undefined;
      if (handoff) return handoff;
    }
    return undefined;
  }

  async #store(
    events: readonly NewEvent[],
    rows: ReadonlyMap<string, NewEvent>,
    handoff: Handoff | undefined,
  ): Promise<{ count: number; seq?: string | undefined }> {
    const tells = !(handoff && rows.size === 1) && this.#bell.takesTurn();
    const copied = await this.#copy(rows, tells ? this.#origin : undefined, handoff);
    if (copied) {
      const seq = copied[0]?.[0];
      const isLeft = ({ id, state }: NewEvent) => state === 'pending' && !(seq !== undefined && id === handoff?.event.id);
      if (!tells && [...rows.values()].some(isLeft)) this.#bell.missed();
      return { count: rows.size, seq };
    }
    const sql = prepared(this.#dataSource, 'inbox_insert', CALLER_WAITS_MS);
    const { stored, queued } = await insertEvents(sql, events, tells);
    if (!tells && queued > 0) this.#bell.missed();
    return { count: stored };
  }

  /**
   * Messages that were never seen before, as nearly all are, are stored by COPY, at two thirds of the price. It knows no
   * exceptions: what it refuses (a message seen before, for one) is left to the statement that does.
   */
  async #copy(
    rows: ReadonlyMap<string, NewEvent>,
    news: string | undefined,
    handoff: Handoff | undefined,
  ): Promise<readonly string[][] | undefined> {
    const copy = this.#copies.pop() ?? new EventCopy();
    let answer: readonly string[][];
    try {
      answer = await copyRows(this.#dataSource, copy.of(rows, news, handoff), CALLER_WAITS_MS);
    } catch (error) {
      // Its memory may still be on its way to the database.
      if (isDatabaseAway(error)) throw error;
      return undefined;
    }
    this.#copies.push(copy);
    return answer;
  }
}

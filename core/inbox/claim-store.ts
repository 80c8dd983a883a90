import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inPipeline } from '../database/pipeline.ts';
import { inOrder, type Sql, sqlOf } from '../database/transaction.ts';
import { type Claim, type Held, LeaseLost, NotAll, type Outcome } from './claim.ts';
import {
  ABANDONED,
  ALL_HANDLED,
  CLAIM,
  type Ended,
  HANDLED,
  HELD,
  handledParams,
  heldParams,
  IS_HELD,
  isNotAll,
  settled,
} from './claim-sql.ts';
import type { Attempt } from './event-entity.ts';

export interface Wanted {
  /** Events. */
  readonly limit: number;
  /** Of one integration. */
  readonly share: number;
  readonly leaseMs: number;
  /** Integration → how much of its share is in hand already. */
  readonly inHand: ReadonlyMap<string, number>;
}

const NONE = '00000000-0000-0000-0000-000000000000';
const BEGINNING: readonly [store: string, integration: string] = [NONE, NONE];

/** A row of {@link CLAIM}; without an id it only says how far was looked. */
type Row = Omit<Claim, 'token' | 'id'> & { readonly id: string | null; readonly raw: Buffer | null };

/** The inbox as a queue: claims across all stores, one object's events one after another. */
export class EventClaimStore {
  readonly #dataSource: DataSource;
  #last = BEGINNING;
  /** Integration → the lane behind which its next claim begins. */
  readonly #lanes = new Map<string, string>();
  #behind = false;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Whether the last claim ended before everything that waits was looked at. */
  get behind(): boolean {
    return this.#behind;
  }

  /** Events that are due, in the order of their arrival; each integration gets its turn, and each lane in it. */
  async claim(wanted: Wanted): Promise<Claim[]> {
    const whole = this.#last === BEGINNING;
    const first = await this.#claim(wanted);
    if (first.claims.length === wanted.limit) return bySeq(first.claims);
    // The end of the round; those at its beginning have waited longest.
    this.#last = BEGINNING;
    if (whole && !first.ended) return bySeq(first.claims);
    const inHand = new Map(wanted.inHand);
    for (const { integrationId } of first.claims) inHand.set(integrationId, (inHand.get(integrationId) ?? 0) + 1);
    const second = await this.#claim({ ...wanted, limit: wanted.limit - first.claims.length, inHand });
    if (first.ended) this.#behind = false;
    return bySeq([...first.claims, ...second.claims]);
  }

  /** What a worker that is gone had in hand. */
  async claimAbandoned({ limit, leaseMs }: Pick<Wanted, 'limit' | 'leaseMs'>): Promise<Claim[]> {
    const token = randomUUID();
    const rows = await sqlOf(this.#dataSource).query<Row>(ABANDONED, [limit, token, leaseMs]);
    return rows.flatMap((row) => (row.id === null ? [] : [claimOf({ ...row, id: row.id }, token)]));
  }

  /** `ended`: of some integration only the last lanes were looked at, not the first. */
  async #claim({ limit, share, leaseMs, inHand }: Wanted): Promise<{ claims: Claim[]; ended: boolean }> {
    const token = randomUUID();
    const known = [...new Set([...inHand.keys(), ...this.#lanes.keys()])];
    const rows = await this.#atOnce<Row>('inbox_claim', CLAIM, [
      ...this.#last,
      known,
      known.map((id) => inHand.get(id) ?? 0),
      share,
      limit,
      token,
      leaseMs,
      known.map((id) => this.#lanes.get(id) ?? ''),
    ]);
    const claims = rows.flatMap((row) => (row.id === null ? [] : [claimOf({ ...row, id: row.id }, token)]));
    for (const { storeId, integrationId } of claims) {
      // Postgres compares ids as their texts compare.
      if (`${storeId}${integrationId}` > this.#last.join('')) this.#last = [storeId, integrationId];
    }
    return { claims, ended: this.#turn(rows, { limit, share, inHand }) };
  }

  /** A claim that a crash forgets has hurt nobody, so its commit does not wait for the disk. */
  #atOnce<T>(name: string, text: string, values: unknown[]): Promise<T[]> {
    return inPipeline(this.#dataSource, async (sql) => {
      const [, rows] = await inOrder(
        sql,
        () => sql.query('set local synchronous_commit = off'),
        () => sql.query<T>(text, values, name),
        async () => sql.commit?.(),
      );
      return rows;
    });
  }

  /** Notes where the next claim begins. @returns whether some integration begins anew */
  #turn(rows: readonly Row[], { limit, share, inHand }: Pick<Wanted, 'limit' | 'share' | 'inHand'>): boolean {
    const before = new Set(this.#lanes.keys());
    if (rows.length < limit) this.#lanes.clear();
    this.#behind = false;
    const counts = new Map<string, number>();
    for (const [at, { id, integrationId, lane }] of rows.entries()) {
      const count = (counts.get(integrationId) ?? 0) + 1;
      counts.set(integrationId, count);
      this.#behind ||= id === null;
      const hasMore = id === null || count >= share - (inHand.get(integrationId) ?? 0) || at === limit - 1;
      if (hasMore) this.#lanes.set(integrationId, lane);
      else this.#lanes.delete(integrationId);
    }
    return [...before].some((id) => !this.#lanes.has(id));
  }

  /** Holds on to events for longer. @returns the ids of those still held */
  async renew(held: readonly Held[], leaseMs: number): Promise<Set<string>> {
    const rows = await sqlOf(this.#dataSource).query<{ id: string }>(
      `update webhook_queue q set lease_until = now() + $6::int * interval '1 millisecond' from ${HELD}
       where ${IS_HELD} returning q.id`,
      [...heldParams(held), leaseMs],
    );
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * Marks events of one integration handled within a transaction, and its last event with it.
   * @param at when the last of them came @returns the ids of those still held; the others were not touched
   */
  async handled(sql: Sql, held: readonly Ended[], at: Date): Promise<Set<string>> {
    const rows = await sql.query<{ id: string }>(HANDLED, handledParams(held, at), 'inbox_handled');
    return new Set(rows.map(({ id }) => id));
  }

  /**
   * The same as the end of the transaction, in one round trip where it is in a pipeline.
   * @throws NotAll when some were not held any more, or the integration is not connected; then nothing was written
   */
  async handledAll(sql: Sql, held: readonly Ended[], at: Date): Promise<void> {
    try {
      await inOrder(
        sql,
        () => sql.query(ALL_HANDLED, handledParams(held, at), 'inbox_all_handled'),
        async () => sql.commit?.(),
      );
    } catch (error) {
      throw isNotAll(error) ? new NotAll() : error;
    }
  }

  /** Writes what became of an event that was not handled. @throws LeaseLost */
  async settle(claim: Claim, outcome: Outcome, attempt: Attempt): Promise<void> {
    const retry = outcome.kind === 'retry' ? outcome : undefined;
    const attempts = retry?.counted === false ? claim.attempts - 1 : claim.attempts;
    const written = await sqlOf(this.#dataSource).query(settled(retry !== undefined), [
      claim.storeId,
      claim.id,
      claim.integrationId,
      claim.seq,
      claim.token,
      retry ? 'pending' : outcome.kind,
      outcome.reason ?? null,
      attempts,
      retry?.afterSeconds ?? 0,
      JSON.stringify(attempt),
      claim.lane,
    ]);
    if (written.length === 0) throw new LeaseLost(`Another worker has taken over event ${claim.id}.`);
  }

  /** Parked events whose integration works again; they are released one by one integration by whoever finds them. */
  async releasable(): Promise<{ storeId: string; integrationId: string }[]> {
    return sqlOf(this.#dataSource).query(
      `select i.store_id as "storeId", i.id as "integrationId" from integrations i where i.status = 'active' and i.enabled
       and exists (select 1 from webhook_events e where e.store_id = i.store_id and e.integration_id = i.id and e.state = 'parked')`,
    );
  }
}

function claimOf({ raw, ...row }: Row & { readonly id: string }, token: string): Claim {
  return { ...row, token, data: raw ? (JSON.parse(raw.toString()) as Claim['data']) : row.data };
}

function bySeq(claims: Claim[]): Claim[] {
  return claims.sort((a, b) => Number(a.seq) - Number(b.seq));
}

import type { DataSource } from 'typeorm';
import { inPipeline } from '../database/pipeline.ts';
import { isDatabaseAway, type Sql } from '../database/transaction.ts';
import { newEventId } from './event-id.ts';
import { insertEvents, type NewEvent } from './event-insert.ts';
import { text } from './event-text.ts';
import { unpacked } from './spooled.ts';

/** Of all hosts one sorts at a time, so that what is about one object keeps its order. */
const LOCK = 7_240_019;
/** What is queued of an integration is enough for a while; what else it has may wait in the spool. */
const ENOUGH = 64;
/** Integrations of one turn, rows of each, and bytes in all. */
const [OWNERS, ROWS, BYTES] = [32, 32, 128_000];

const NONE = '00000000-0000-0000-0000-000000000000';
const BEGINNING: readonly [storeId: string, integrationId: string] = [NONE, NONE];
const NOTHING: Found = { got: false, places: 0, last: null };

/** What one turn came to. */
export interface Turn {
  /** Events that were sorted in, known ones among them. */
  readonly sorted: number;
  /** Whether something may be waiting still. */
  readonly waits: boolean;
}

interface Found {
  /** Whether nobody else sorts just now. */
  readonly got: boolean;
  readonly places: number;
  readonly last: readonly [storeId: string, integrationId: string] | null;
}

interface Row {
  readonly storeId: string;
  readonly integrationId: string;
  readonly id: string;
  readonly events: Buffer;
}

/**
 * The oldest rows of the integrations that have any, from where the last turn ended, each integration as much as any other.
 * Those that have enough queued are passed over unless `$3`. The row without an id says how many have something.
 */
const TAKE = `
  with recursive alone as materialized (select pg_try_advisory_xact_lock(${LOCK}) as got),
  places as (
    (select store_id, integration_id, 1 as at from webhook_spool where (select got from alone) and problem is null
       and (store_id, integration_id) > ($1::uuid, $2::uuid) order by store_id, integration_id limit 1)
    union all
    select next.*, p.at + 1 from places p cross join lateral (
      select store_id, integration_id from webhook_spool where problem is null
        and (store_id, integration_id) > (p.store_id, p.integration_id) order by store_id, integration_id limit 1) next
    where p.at < ${OWNERS}),
  wanting as (
    select * from places p where $3 or (select count(*) from (
      select 1 from webhook_queue q where q.store_id = p.store_id and q.integration_id = p.integration_id limit ${ENOUGH}) q) < ${ENOUGH}),
  heads as (
    select s.*, sum(s.bytes) over (order by s.nth, s.at) as before from (
      select p.at, r.*, row_number() over (partition by p.at order by r.id) as nth from wanting p cross join lateral (
        select s.store_id, s.integration_id, s.id, octet_length(s.events) as bytes from webhook_spool s
        where s.store_id = p.store_id and s.integration_id = p.integration_id and s.problem is null order by s.id limit ${ROWS}) r) s),
  taken as (
    delete from webhook_spool s using heads h where h.before - h.bytes < $4::bigint
      and s.store_id = h.store_id and s.integration_id = h.integration_id and s.id = h.id
    returning s.store_id, s.integration_id, s.id, s.events)
  select (select got from alone) as got, (select count(*)::int from places) as places,
    (select array[store_id, integration_id] from places order by at desc limit 1) as last, store_id as "storeId", integration_id as "integrationId", id, events
  from (select 1) one left join taken on true order by id`;

/** Accepted messages that are not sorted into days, dedupe and queue yet. */
export class SpoolStore {
  readonly #dataSource: DataSource;
  /** Where the last turn ended. */
  #last = BEGINNING;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /**
   * Sorts in what came first, in one transaction; one event that cannot be stored as it is does not hold up the others.
   * @param all also of integrations that have enough queued
   */
  async sort(all = false): Promise<Turn> {
    try {
      return await this.#turn(all, insertEvents);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      return this.#turn(all, oneByOne);
    }
  }

  #turn(all: boolean, store: (sql: Sql, events: readonly NewEvent[]) => Promise<unknown>): Promise<Turn> {
    return inPipeline(this.#dataSource, async (sql) => {
      // A crash that forgets it has left all of it in the spool.
      const asynchronous = sql.query('set local synchronous_commit = off');
      asynchronous.catch(() => undefined);
      const rows = await sql.query<Found & Partial<Row>>(TAKE, [...this.#last, all, BYTES], 'spool_take');
      const { got, places, last } = rows[0] ?? NOTHING;
      const events = rows.flatMap((row) => (row.id ? unpacked(row.events as Buffer, row as Row) : []));
      if (events.length > 0) await store(sql, events);
      const isWhole = this.#last === BEGINNING;
      this.#last = places === OWNERS && last ? last : BEGINNING;
      return { sorted: events.length, waits: !got || places > 0 || !isWhole };
    });
  }
}

async function oneByOne(sql: Sql, events: readonly NewEvent[]): Promise<void> {
  for (const event of events) {
    await sql.query('savepoint one');
    try {
      await insertEvents(sql, [event]);
    } catch (error) {
      await sql.query('rollback to one');
      await insertEvents(sql, [refused(event, error)]);
    }
  }
}

/** What Postgres does not take as it is: kept as it came, and told. */
function refused(event: NewEvent, error: unknown): NewEvent {
  const said = error instanceof Error ? error.message : String(error);
  const reason = `It could not be stored as its plugin read it: ${text(said).slice(0, 300)}`;
  return { ...event, id: newEventId(), object: undefined, at: undefined, state: 'dead', reason };
}

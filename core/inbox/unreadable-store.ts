import type { DataSource } from 'typeorm';
import { validate } from 'uuid';
import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { NotFound } from '../sdk/errors.ts';
import { type Counted, MOST, type Top, topOf } from './desk-store.ts';
import { wake } from './event-insert.ts';

/** Whether it may be set aside; before, a host of a later version that is being started may be about to read it. */
const SETTLED = `coalesce(problem_at, received_at) < now() - interval '5 minutes'`;

/** Accepted messages of one integration that no version that was tried can read: one row of the spool, or one that was set aside. */
export interface UnreadableRow {
  readonly storeId: string;
  readonly store: string;
  readonly integrationId: string;
  readonly integration: string;
  readonly pluginId: string;
  readonly row: string;
  /** Messages. */
  readonly count: number;
  readonly bytes: number;
  readonly receivedAt: Date;
  readonly problem: string;
  /** Null while it is in its place, and holds up what came behind it. */
  readonly setAsideAt: Date | null;
  /** Whether nobody is likely to read it soon, so that it may be set aside. */
  readonly isSettled: boolean;
}

/** What was moved at once; `count` messages. */
export interface Moved {
  readonly count: number;
  readonly rows: number;
  readonly bytes: number;
}

/** Rows of one integration, up to one of them. */
export interface Chosen {
  readonly integrationId: string;
  /** The last row that was looked at; what came behind it stays. */
  readonly last: string;
}

interface By {
  readonly principal: Principal;
  readonly ip: string | undefined;
}

/** For operators, so of all stores; what they do is in the audit log of the store it is about. */
export class UnreadableStore {
  readonly #dataSource: DataSource;
  readonly #audit: Pick<Audit, 'record'>;

  constructor(dataSource: DataSource, audit: Pick<Audit, 'record'>) {
    this.#dataSource = dataSource;
    this.#audit = audit;
  }

  /** Those that hold something up first, by integration, in the order they came. */
  async rows(most = MOST): Promise<Top<UnreadableRow>> {
    const rows = await this.#sql().query<Counted<UnreadableRow>>(`${ROWS} limit $1`, [most]);
    return topOf(rows);
  }

  async isSetAside(): Promise<boolean> {
    return (await this.#sql().query('select 1 from webhook_set_aside limit 1')).length > 0;
  }

  /** As it was accepted, whether set aside or not. @throws NotFound */
  async copy(integrationId: string, row: string, by: By): Promise<Buffer> {
    const asked = isPlace(integrationId, row);
    const [found] = asked ? await this.#sql().query<{ storeId: string; events: Buffer }>(BODY, [integrationId, row]) : [];
    if (!found) throw new NotFound('There are no such messages; they may have been read, or their time is over.');
    const { storeId, events } = found;
    const detail = { row, bytes: events.length };
    await this.#audit.record({ storeId, ...by, action: 'event.copy', target: integrationId, detail });
    return events;
  }

  /**
   * What came behind them is sorted in from now on; they are kept as long as their store keeps messages.
   * @throws NotFound where there is nothing that has been unreadable for some minutes
   */
  setAside(chosen: Chosen, by: By): Promise<Moved> {
    return this.#move(SET_ASIDE, chosen, { ...by, action: 'event.set-aside' });
  }

  /** Behind all that came since, to be sorted in by a version that can read them. @throws NotFound where none are set aside */
  putBack(chosen: Chosen, by: By): Promise<Moved> {
    return this.#move(PUT_BACK, chosen, { ...by, action: 'event.put-back' });
  }

  #move(statement: string, { integrationId, last }: Chosen, by: By & { readonly action: string }): Promise<Moved> {
    return inTransaction(this.#dataSource, async (sql) => {
      const asked = isPlace(integrationId, last);
      const [found] = asked ? await sql.query<Moved & { storeId: string }>(statement, [integrationId, last]) : [];
      if (!found)
        throw new NotFound('Nothing was changed: these messages are not there any more, or were looked at only just now.');
      const { storeId, ...moved } = found;
      await this.#audit.record({ storeId, ...by, target: integrationId, detail: { ...moved, last } }, sql);
      await wake(sql);
      return moved;
    });
  }

  #sql(): Sql {
    return sqlOf(this.#dataSource);
  }
}

/** What is none, Postgres would call a mistake of ours. */
function isPlace(integrationId: string, row: string): boolean {
  return validate(integrationId) && /^\d{1,18}$/.test(row);
}

const ROWS = `
  select u.store_id as "storeId", s.name as store, u.integration_id as "integrationId", i.name as integration, i.plugin_id as "pluginId",
    u.id::text as row, u.count, u.bytes, u.received_at as "receivedAt", u.problem, u.set_aside_at as "setAsideAt", u.settled as "isSettled",
    (count(*) over ())::int as total
  from (
    select store_id, integration_id, id, count, octet_length(events) as bytes, received_at, problem, null::timestamptz as set_aside_at,
      ${SETTLED} as settled from webhook_spool where problem is not null
    union all
    select store_id, integration_id, id, count, octet_length(events), received_at, problem, set_aside_at, false from webhook_set_aside) u
  join stores s on s.id = u.store_id join integrations i on i.store_id = u.store_id and i.id = u.integration_id
  order by (u.set_aside_at is not null), s.name, u.integration_id, u.id`;

const BODY = `
  select store_id as "storeId", events from webhook_spool where integration_id = $1::uuid and id = $2::bigint and problem is not null
  union all select store_id, events from webhook_set_aside where integration_id = $1::uuid and id = $2::bigint limit 1`;

const SUMS = 'count(*)::int as rows, sum(count)::int as count, sum(octet_length(events))::int as bytes';

const SET_ASIDE = `
  with gone as (
    delete from webhook_spool where integration_id = $1::uuid and id <= $2::bigint and problem is not null and ${SETTLED}
    returning store_id, integration_id, id, count, received_at, events, problem),
  kept as (
    insert into webhook_set_aside (store_id, integration_id, id, count, received_at, events, problem)
    select * from gone)
  select store_id as "storeId", ${SUMS} from gone group by store_id`;

const PUT_BACK = `
  with gone as (
    delete from webhook_set_aside where integration_id = $1::uuid and id <= $2::bigint
    returning store_id, integration_id, id, count, received_at, events),
  kept as (
    insert into webhook_spool (store_id, integration_id, count, received_at, events)
    select store_id, integration_id, count, received_at, events from gone order by id)
  select store_id as "storeId", ${SUMS} from gone group by store_id`;

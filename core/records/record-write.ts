import { inOrder, type Sql } from '../database/transaction.ts';
import type { ReadyRecord } from './canonical.ts';
import type { Moments } from './reading.ts';
import { byKey, lockScope, type RecordScope, values } from './record-sql.ts';

const STORED = `lateral (
      select ctid as place, hash, deleted_at, source_updated_at, dated, read_at from records where ${byKey('i.external_id')}) r`;

/** What stands there was read later: by a moment that has come, as a clock that was set back must stop nobody. */
const LATER = '(r.read_at > coalesce(i.began, $6) and r.read_at <= clock_timestamp())';

/** `$5` to `$7` are {@link Moments}, everywhere. */
const FIND = `
  select i.external_id as id, r.hash, r.deleted_at is not null as deleted, r.source_updated_at as "updatedAt",
    case when ${LATER} then r.dated end as later
  from unnest($4::text[], $5::timestamptz[]) as i (external_id, began) cross join ${STORED}`;

const GIVEN = `unnest($4::text[], $5::timestamptz[], $8::jsonb[], $9::text[], $10::timestamptz[])
      with ordinality as i (external_id, began, data, hash, source_updated_at, turn)`;
const INSERT = `
    insert into records (store_id, integration_id, stream, external_id, data, hash, source_updated_at, dated, read_at)
    select $1, $2, $3, i.external_id, i.data, i.hash, i.source_updated_at, i.source_updated_at is not null, coalesce($7, i.began, $6)`;
const ON_CONFLICT = `
    on conflict (store_id, integration_id, stream, external_id) do update set
      data = excluded.data,
      hash = excluded.hash,
      source_updated_at = coalesce(excluded.source_updated_at, records.source_updated_at),
      dated = excluded.dated,
      read_at = greatest(excluded.read_at, records.read_at),
      updated_at = now(),
      deleted_at = null,
      change = nextval('record_changes')
    where (records.hash <> excluded.hash or records.deleted_at is not null)
      and coalesce(excluded.source_updated_at >= records.source_updated_at, true)`;

/** Only what is new or changed comes here: a conflict locks, and so writes, also a row that it leaves as it is. */
const UPSERT = `
  with written as (${INSERT} from ${GIVEN} ${ON_CONFLICT} returning xmax = 0 as fresh)
  select count(*)::integer as written, count(*) filter (where fresh)::integer as fresh from written`;

/** {@link FIND} and {@link UPSERT} in one, for a page that costs less to send than to ask about. */
const WRITE = `
  with changed as materialized (
    select i.*, r.hash is null or r.deleted_at is not null as appears,
      coalesce(${LATER}, false) and not (r.dated and coalesce(i.source_updated_at > r.source_updated_at, false)) as older
    from ${GIVEN} left join ${STORED} on true
    where r.hash is null
      or (r.hash <> i.hash or r.deleted_at is not null) and coalesce(i.source_updated_at >= r.source_updated_at, true)),
  written as (${INSERT} from changed i where not older order by i.turn ${ON_CONFLICT})
  select count(*) filter (where not older)::integer as written, count(*) filter (where appears and not older)::integer as appeared,
    count(*) filter (where older)::integer as older from changed`;

/** Rows of the scope are met by their place, which cannot move: the scope is locked. */
const MARK = (moment: string) => `
  with found as materialized (
    select r.place, i.began, ${LATER} is true as older
    from unnest($4::text[], $5::timestamptz[]) as i (external_id, began) cross join ${STORED}
    where r.deleted_at is null
  ), marked as (
    update records r set deleted_at = now(), updated_at = now(), change = nextval('record_changes'), dated = false,
      read_at = greatest(coalesce($7, ${moment}), r.read_at)
    where ctid = any(array(select place from found where not older))
  )
  select count(*) filter (where not older)::integer as deleted, count(*) filter (where older)::integer as older from found`;
const MARK_ALL = MARK('$6::timestamptz');
const MARK_EACH = MARK('(select f.began from found f where f.place = r.ctid)');

interface Found {
  readonly id: string;
  readonly hash: string;
  readonly deleted: boolean;
  readonly updatedAt: Date | null;
  /** Null unless it was read later; then whether `updatedAt` is its own, not of what stood there before. */
  readonly later: boolean | null;
}

/** Records: what an event changes, as against a page of a sync, of which most is as it was. */
const SMALL = 16;

interface Upserted {
  readonly written: number;
  readonly appeared: number;
  readonly older: number;
}

/**
 * How many were new or changed; `appeared`: how many of these were not there, or marked deleted; `older`: how many were read
 * before what stands there was. Locks the scope.
 */
export async function upsert(sql: Sql, scope: RecordScope, { records, moments }: Upserts): Promise<Upserted> {
  if (records.length > SMALL) return upsertChanged(sql, scope, { records, moments });
  const [, [counted]] = await inOrder(
    sql,
    () => lockScope(sql, scope),
    () => sql.query<Upserted>(WRITE, [...values(scope), ...columnsOf({ records, moments })], 'records_write'),
  );
  return counted ?? { written: 0, appeared: 0, older: 0 };
}

export interface Upserts {
  readonly records: readonly ReadyRecord[];
  readonly moments: Moments;
}

async function upsertChanged(sql: Sql, scope: RecordScope, { records, moments }: Upserts): Promise<Upserted> {
  const [, rows] = await inOrder(
    sql,
    () => lockScope(sql, scope),
    () => sql.query<Found>(FIND, [...values(scope), ...idsOf(records, moments).slice(0, 3)], 'records_find'),
  );
  const found = new Map(rows.map((row) => [row.id, row]));
  const changed = records.filter((record) => isChange(record, found.get(record.id)));
  const newer = changed.filter((record) => !isOlder(record, found.get(record.id)));
  const older = changed.length - newer.length;
  if (newer.length === 0) return { written: 0, appeared: 0, older };
  const params = [...values(scope), ...columnsOf({ records: newer, moments })];
  const [counted] = await sql.query<{ written: number; fresh: number }>(UPSERT, params, 'records_upsert');
  const { written = 0, fresh = 0 } = counted ?? {};
  return { written, appeared: fresh + newer.filter(({ id }) => found.get(id)?.deleted).length, older };
}

function columnsOf({ records, moments }: Upserts): unknown[] {
  const rest = (['data', 'hash', 'updatedAt'] as const).map((name) => records.map((record) => record[name]));
  return [...idsOf(records, moments), ...rest];
}

function idsOf(records: readonly Pick<ReadyRecord, 'id'>[], { began, each, ended }: Moments): unknown[] {
  const ids = records.map(({ id }) => id);
  return [ids, each ? ids.map((id) => each.get(id) ?? null) : [], began ?? null, ended ?? null];
}

/** An older state than the stored one is none. */
function isChange({ hash, updatedAt }: ReadyRecord, stored: Found | undefined): boolean {
  if (!stored) return true;
  if (stored.hash === hash && !stored.deleted) return false;
  return !updatedAt || !stored.updatedAt || Date.parse(updatedAt) >= stored.updatedAt.getTime();
}

/** The provider's own word of what is newer goes before the order in which it was read. */
function isOlder({ updatedAt }: ReadyRecord, stored: Found | undefined): boolean {
  if (!stored || stored.later === null) return false;
  return !(stored.later && updatedAt && stored.updatedAt && Date.parse(updatedAt) > stored.updatedAt.getTime());
}

export interface Marked {
  readonly deleted: number;
  readonly older: number;
}

/** How many were there; `older`: how many of them were read later than that they are gone. */
export async function mark(sql: Sql, scope: RecordScope, { ids, moments }: Marks): Promise<Marked> {
  const records = ids.map((id) => ({ id }));
  const rows = await sql.query<Marked>(moments.each ? MARK_EACH : MARK_ALL, [...values(scope), ...idsOf(records, moments)]);
  return rows[0] ?? { deleted: 0, older: 0 };
}

export interface Marks {
  readonly ids: readonly string[];
  readonly moments: Moments;
}

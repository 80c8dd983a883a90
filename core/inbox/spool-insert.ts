import { binaryArray } from '../database/binary-array.ts';
import type { Sql } from '../database/transaction.ts';
import { inPages } from './event-copy.ts';
import { insertEvents, type NewEvent, wake } from './event-insert.ts';
import { packed } from './spooled.ts';

const INSERT = `
  insert into webhook_spool (store_id, integration_id, count, events)
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[])`;
/** What is nobody's is sorted in so many at a time. */
const CHUNK = 512;

/** Within a transaction: what is an integration's goes behind all that waits of it. Workers are told when it commits. */
export async function spoolEvents(sql: Sql, events: readonly NewEvent[]): Promise<void> {
  const owners = Map.groupBy(events, ({ integrationId }) => integrationId);
  const nobodys = owners.get(undefined) ?? [];
  owners.delete(undefined);
  for (let from = 0; from < nobodys.length; from += CHUNK) await insertEvents(sql, nobodys.slice(from, from + CHUNK));
  const pages = [...owners.values()].flatMap(inPages);
  if (pages.length === 0) return;
  await sql.query(INSERT, [
    pages.map(([first]) => first?.storeId),
    pages.map(([first]) => first?.integrationId),
    pages.map(({ length }) => length),
    binaryArray('bytea', pages.map(packed)),
  ]);
  await wake(sql);
}

import { binaryArray } from '../database/binary-array.ts';
import type { Sql } from '../database/transaction.ts';
import { insertEvents, type NewEvent, wake } from './event-insert.ts';
import { spoolRows } from './spooled.ts';

const INSERT = `
  insert into webhook_spool (store_id, integration_id, count, events)
  select * from unnest($1::uuid[], $2::uuid[], $3::int[], $4::bytea[])`;

/** Within a transaction: what is an integration's goes behind all that waits of it. Workers are told when it commits. */
export async function spoolEvents(sql: Sql, events: readonly NewEvent[]): Promise<void> {
  const owners = Map.groupBy(events, ({ integrationId }) => integrationId);
  const nobodys = owners.get(undefined) ?? [];
  owners.delete(undefined);
  if (nobodys.length > 0) await insertEvents(sql, nobodys);
  const rows = [...owners.values()].flatMap(spoolRows);
  if (rows.length === 0) return;
  await sql.query(INSERT, [
    rows.map(({ storeId }) => storeId),
    rows.map(({ integrationId }) => integrationId),
    rows.map(({ count }) => count),
    binaryArray(
      'bytea',
      rows.map(({ events: packed }) => packed),
    ),
  ]);
  await wake(sql);
}

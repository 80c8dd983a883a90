import type pg from 'pg';

/** Accepted and not handled yet, sorted in or not. */
export async function waitingEvents(sql: pg.Client | pg.Pool): Promise<number> {
  const counts = `select (select count(*) from webhook_queue) + (select coalesce(sum(count), 0) from webhook_spool) as count`;
  return Number((await sql.query(counts)).rows[0].count);
}

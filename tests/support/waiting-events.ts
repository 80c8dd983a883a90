import type pg from 'pg';

/** In one statement: what is sorted in meanwhile would be in neither otherwise. */
const WAITING = `select (select count(*) from webhook_queue) + (select coalesce(sum(count), 0) from webhook_spool) as count`;

/** Events that are accepted and not handled yet, sorted in or not. */
export async function waitingEvents(sql: pg.Client | pg.Pool): Promise<number> {
  return Number((await sql.query(WAITING)).rows[0].count);
}

import type { Sql } from '../database/transaction.ts';

/** Where hosts of one database tell each other that an operator changed a card or an app. */
export const PLUGIN_CHANNEL = 'patchbay_plugins';

/** Heard by all hosts, this one too, once the transaction of `sql` commits. */
export async function tellHosts(sql: Sql): Promise<void> {
  await sql.query(`select pg_notify('${PLUGIN_CHANNEL}', '')`);
}

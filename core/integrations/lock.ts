import type { Sql } from '../database/transaction.ts';
import type { Integration } from './integration.ts';

/**
 * Locks an integration's row until the transaction ends. Whoever changes an integration and its credential together takes
 * this lock first, so that two of them never wait for each other.
 */
export async function lockIntegration(sql: Sql, { storeId, id }: Pick<Integration, 'storeId' | 'id'>): Promise<void> {
  await sql.query('select id from integrations where store_id = $1 and id = $2 for no key update', [storeId, id]);
}

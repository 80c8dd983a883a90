import { Client } from 'pg';
import { v7 } from 'uuid';
import type { NewEvent } from '../../core/inbox/event-store.ts';
import { LOCK } from '../../core/inbox/spool-sql.ts';

interface Whose {
  readonly storeId: string;
  readonly integrationId: string;
  readonly pluginId: string;
}

/** So many at once that they are spooled, unlike any before. */
export function manyEvents({ storeId, integrationId, pluginId }: Whose, count = 16): NewEvent[] {
  return Array.from({ length: count }, () => {
    const id = v7();
    const whose = { pluginId, scope: integrationId, storeId, integrationId, account: 'acc' };
    const data = { id, object: id };
    const what = { eventId: id, type: 'T', object: id, at: undefined, data, raw: Buffer.from(JSON.stringify(data)) };
    return { id, ...whose, ...what, headers: {}, state: 'pending', reason: undefined, receivedAt: new Date() };
  });
}

/** As if another host were sorting: nobody else does until it is told to end. */
export async function holdSorters(databaseUrl: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('select pg_advisory_lock($1)', [LOCK]);
  return () => client.end();
}

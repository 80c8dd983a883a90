import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Client } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { DataSource, EntitySchema } from 'typeorm';
import type { migrate } from '../../core/database/migrate.ts';
import type { inTransaction } from '../../core/database/transaction.ts';
import type { RecordStore } from '../../core/records/record-store.ts';
import { compiled } from './bench-hub.ts';
import { contact } from './contacts-plugin.ts';

const COLUMNS = 'store_id, integration_id, stream, external_id, data, hash';

/** Contacts `from` to `to` (not included) in one version. */
export interface Slice {
  readonly from: number;
  readonly to: number;
  readonly version: number;
}

/** One way to write a page of contacts; answers the milliseconds it took. */
export type Writer = (slice: Slice) => Promise<number>;

/**
 * The ways to write a page of contacts into tables like the hub's: its own record store, with mapping to rows, hashes and
 * skipping of what is unchanged, and three baselines that are given rows.
 */
export async function writers(url: string): Promise<{ writers: Record<string, Writer>; close(): Promise<void> }> {
  const source = await new DataSource({ type: 'postgres', url, entities: [BenchRecord] }).initialize();
  const { migrate: bring } = await compiled<{ migrate: typeof migrate }>('core/database/migrate.js');
  await bring(source);
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const name of ['copy', 'unnest', 'typeorm']) {
    await client.query(`drop table if exists bench_${name}; create table bench_${name} (like records including all)`);
  }
  await client.query('create temporary table incoming (like records including defaults)');
  return {
    writers: {
      'record store': await recordStore(source),
      'COPY + ON CONFLICT': (slice) => timed(rowsOf(slice), (rows) => copyPage(client, rows)),
      'UNNEST batches': (slice) => timed(rowsOf(slice), (rows) => unnestPage(client, rows)),
      'TypeORM upsert': (slice) => timed(rowsOf(slice), (rows) => typeormPage(source, rows)),
    },
    async close() {
      await source.destroy();
      await client.end();
    },
  };
}

const BenchRecord = new EntitySchema<
  Record<'storeId' | 'integrationId' | 'stream' | 'externalId' | 'hash', string> & { data: object }
>({
  name: 'bench_typeorm',
  tableName: 'bench_typeorm',
  columns: {
    storeId: { name: 'store_id', type: 'uuid', primary: true },
    integrationId: { name: 'integration_id', type: 'uuid', primary: true },
    stream: { type: 'text', primary: true },
    externalId: { name: 'external_id', type: 'text', primary: true },
    data: { type: 'jsonb' },
    hash: { type: 'text' },
  },
});

interface Row {
  readonly id: string;
  readonly data: string;
  readonly hash: string;
}

const SCOPE = {
  storeId: '00000000-0000-7000-8000-000000000001',
  integrationId: '00000000-0000-7000-8000-000000000002',
  stream: 'contacts',
};

/** The baselines get their rows ready made: only the writing is timed. */
function rowsOf(slice: Slice): Row[] {
  return contactsOf(slice).map(({ id, data: object }) => {
    const data = JSON.stringify(object);
    return { id, data, hash: createHash('sha256').update(data).digest('base64') };
  });
}

function contactsOf({ from, to, version }: Slice) {
  return Array.from({ length: to - from }, (_, n) => ({ id: `contact-${from + n}`, data: contact(from + n, version) }));
}

async function timed<T>(given: T, write: (given: T) => Promise<unknown>): Promise<number> {
  const begin = performance.now();
  await write(given);
  return performance.now() - begin;
}

/** From the provider's objects to rows: what a sync does with a page. */
async function recordStore(source: DataSource): Promise<Writer> {
  const { RecordStore: Records } = await compiled<{ RecordStore: typeof RecordStore }>('core/records/record-store.js');
  const { inTransaction: within } = await compiled<{ inTransaction: typeof inTransaction }>('core/database/transaction.js');
  const records = new Records(source);
  const began = await records.now();
  return (slice) => timed(contactsOf(slice), (items) => within(source, (sql) => records.savePage(sql, SCOPE, { items, began })));
}

async function copyPage(client: Client, rows: readonly Row[]): Promise<void> {
  await client.query('begin; truncate incoming');
  const stream = client.query(copyFrom(`copy incoming (${COLUMNS}) from stdin`));
  const scope = `${SCOPE.storeId}\t${SCOPE.integrationId}\t${SCOPE.stream}`;
  stream.end(rows.map(({ id, data, hash }) => `${scope}\t${id}\t${data.replaceAll('\\', '\\\\')}\t${hash}\n`).join(''));
  await once(stream, 'finish');
  await client.query(`insert into bench_copy (${COLUMNS}) select ${COLUMNS} from incoming
    on conflict (store_id, integration_id, stream, external_id) do update set data = excluded.data, hash = excluded.hash`);
  await client.query('commit');
}

async function unnestPage(client: Client, rows: readonly Row[]): Promise<void> {
  await client.query(
    `insert into bench_unnest (${COLUMNS})
     select $1, $2, $3, i.* from unnest($4::text[], $5::jsonb[], $6::text[]) as i (external_id, data, hash)
     on conflict (store_id, integration_id, stream, external_id) do update set data = excluded.data, hash = excluded.hash`,
    [...Object.values(SCOPE), rows.map(({ id }) => id), rows.map(({ data }) => data), rows.map(({ hash }) => hash)],
  );
}

async function typeormPage(source: DataSource, rows: readonly Row[]): Promise<void> {
  const entities = rows.map(({ id, data, hash }) => ({ ...SCOPE, externalId: id, data: JSON.parse(data), hash }));
  await source.getRepository(BenchRecord).upsert(entities, ['storeId', 'integrationId', 'stream', 'externalId']);
}

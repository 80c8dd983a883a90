import pg from 'pg';

export interface Filling {
  readonly stores: number;
  /** `plugin-0` and so on: each store has one integration of each. */
  readonly plugins: number;
  /** Of each integration, an hour apart. */
  readonly runs: number;
}

/** What stores called `store-1` and so on have after a while. */
export async function fillStores(databaseUrl: string, { stores, plugins, runs }: Filling): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(
      `insert into stores (id, slug, name) select gen_random_uuid(), 'store-' || n, 'Store ' || n from generate_series(1, $1::int) n`,
      [stores],
    );
    await client.query(
      `insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key, account_external_id, account, connected_at)
       select s.id, gen_random_uuid(), 'plugin-' || n, 'Plugin ' || n, 'active', 'manual', gen_random_uuid()::text,
         s.slug || n, jsonb_build_object('externalId', s.slug || n, 'label', s.name), now()
       from stores s, generate_series(0, $1::int - 1) n where s.slug like 'store-%'`,
      [plugins],
    );
    await client.query(
      `insert into sync_runs (store_id, id, integration_id, stream, trigger, mode, status, queued_at, finished_at)
       select store_id, gen_random_uuid(), id, 'things', 'scheduled', 'full', 'succeeded', now() - n * interval '1 hour', now()
       from integrations, generate_series(1, $1::int) n`,
      [runs],
    );
    await client.query('analyze');
  } finally {
    await client.end();
  }
}

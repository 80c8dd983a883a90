import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Links that lead a store's owner through connecting without a login of the hub. */
export class ConnectLinks20261121002510 implements MigrationInterface {
  readonly name = 'ConnectLinks20261121002510';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table connect_links (
        store_id uuid not null references stores (id) on delete cascade,
        id uuid not null,
        token_hash text not null unique,
        user_id uuid not null references users (id) on delete cascade,
        plugin_id text not null,
        integration_id uuid,
        name text,
        return_url text not null,
        binding text,
        state_hash text unique,
        status text not null default 'new' check (status in ('new', 'opened', 'connected', 'cancelled')),
        created_at timestamptz not null default now(),
        expires_at timestamptz not null,
        opened_at timestamptz,
        ended_at timestamptz,
        primary key (store_id, id)
      );
      create index connect_links_age on connect_links (expires_at);
      create index sync_runs_store on sync_runs (store_id, queued_at desc, id desc);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table connect_links; drop index sync_runs_store;');
  }
}

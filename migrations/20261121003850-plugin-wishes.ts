import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A store waits for a plugin that is still to come, and who wants to be told. */
export class PluginWishes20261121003850 implements MigrationInterface {
  readonly name = 'PluginWishes20261121003850';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table plugin_wishes (
        store_id uuid not null references stores (id) on delete cascade,
        plugin_id text not null,
        user_id uuid not null references users (id) on delete cascade,
        created_at timestamptz not null default now(),
        primary key (store_id, plugin_id)
      );
      create index plugin_wishes_plugin on plugin_wishes (plugin_id);`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table plugin_wishes');
  }
}

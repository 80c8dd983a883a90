import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The operator's own app at each provider, as the admin page sets it: one ciphertext for every field, secret or not. */
export class PluginApps20261121000500 implements MigrationInterface {
  readonly name = 'PluginApps20261121000500';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table plugin_apps (
  plugin_id text not null,
  field text not null,
  sealed text not null,
  updated_at timestamptz not null default now(),
  primary key (plugin_id, field)
);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table plugin_apps');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far owners come who begin to connect something; without an integration while it is not connected. */
export class SetUps20261121003870 implements MigrationInterface {
  readonly name = 'SetUps20261121003870';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`create table set_ups (
      store_id uuid not null,
      id uuid not null,
      plugin_id text not null,
      integration_id uuid,
      begun_at timestamptz not null default now(),
      connected_at timestamptz,
      configured_at timestamptz,
      finished_at timestamptz,
      primary key (store_id, id)
    )`);
    await runner.query('create unique index set_ups_begun on set_ups (store_id, plugin_id) where integration_id is null');
    await runner.query(
      'create unique index set_ups_integration on set_ups (store_id, integration_id) where integration_id is not null',
    );
    await runner.query('create index set_ups_days on set_ups (begun_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table set_ups');
  }
}

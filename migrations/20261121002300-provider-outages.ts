import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last outage of each provider's host; `ended_at` is null while it lasts. */
export class ProviderOutages20261121002300 implements MigrationInterface {
  name = 'ProviderOutages20261121002300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table provider_outages (
        plugin_id text not null,
        host text not null,
        began_at timestamptz not null default now(),
        ended_at timestamptz,
        primary key (plugin_id, host)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table provider_outages');
  }
}

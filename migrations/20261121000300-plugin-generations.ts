import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The last good generations of each plugin, which of them an operator put back, and how often a plugin failed. */
export class PluginGenerations20261121000300 implements MigrationInterface {
  readonly name = 'PluginGenerations20261121000300';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table plugin_generations (
  plugin_id text not null,
  hash text not null,
  manifest jsonb not null,
  code text not null,
  sandbox_code text,
  icon text,
  created_at timestamptz not null default now(),
  primary key (plugin_id, hash)
);
alter table integration_templates
  add column put_back text,
  add column put_back_over text,
  add column failures bigint not null default 0,
  add column last_error text,
  add column last_failure_at timestamptz;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table integration_templates
  drop column put_back, drop column put_back_over, drop column failures, drop column last_error, drop column last_failure_at;
drop table plugin_generations;
`);
  }
}

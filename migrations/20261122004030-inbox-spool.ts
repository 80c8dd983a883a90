import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What comes in faster than it can be sorted into days, dedupe and queue, in the order of its arrival: one row for what of an
 * integration was accepted at once. Rows of up to a page stay in one piece, and nobody spends time on making them smaller.
 */
export class InboxSpool20261122004030 implements MigrationInterface {
  readonly name = 'InboxSpool20261122004030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SPOOL);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('lock table webhook_spool in access exclusive mode');
    const [waiting] = await runner.query('select 1 from webhook_spool limit 1');
    if (waiting)
      throw new Error('There are accepted messages in webhook_spool; let a worker of this version sort them in first.');
    await runner.query('drop table webhook_spool');
  }
}

const SPOOL = `
create table webhook_spool (
  store_id uuid not null,
  integration_id uuid not null,
  id bigint generated always as identity,
  count integer not null,
  received_at timestamptz not null default now(),
  events bytea not null,
  problem text,
  primary key (store_id, integration_id, id)
) with (toast_tuple_target = 8160, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
alter table webhook_spool alter column events set storage external;
`;

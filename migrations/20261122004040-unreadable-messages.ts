import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What of the spool nobody can read: since when that is known, and where it is kept once it shall hold up its integration no more. */
export class UnreadableMessages20261122004040 implements MigrationInterface {
  readonly name = 'UnreadableMessages20261122004040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(SET_ASIDE);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('lock table webhook_set_aside in access exclusive mode');
    const [kept] = await runner.query('select 1 from webhook_set_aside limit 1');
    if (kept)
      throw new Error(
        'There are accepted messages in webhook_set_aside; put them back on the page Live changes of the administration first.',
      );
    await runner.query('drop table webhook_set_aside');
    await runner.query('drop index webhook_spool_unreadable');
    await runner.query('alter table webhook_spool drop column problem_at');
  }
}

const SET_ASIDE = `
alter table webhook_spool add column problem_at timestamptz;
create index webhook_spool_unreadable on webhook_spool (integration_id, id) where problem is not null;

create table webhook_set_aside (
  store_id uuid not null,
  integration_id uuid not null,
  id bigint not null,
  count integer not null,
  received_at timestamptz not null,
  events bytea not null,
  problem text not null,
  set_aside_at timestamptz not null default now(),
  primary key (store_id, integration_id, id)
);
`;

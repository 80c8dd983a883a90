import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a stream was read for, so that another choice is noticed; a sync that a change of the settings asked for. */
export class FollowedSettings20261121002000 implements MigrationInterface {
  readonly name = 'FollowedSettings20261121002000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table checkpoints add column followed jsonb');
    await runner.query(
      `alter table sync_runs drop constraint sync_runs_trigger_check, add constraint sync_runs_trigger_check
         check (trigger in ('initial', 'manual', 'scheduled', 'webhook', 'settings', 'repair'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`update sync_runs set trigger = 'manual' where trigger = 'settings'`);
    await runner.query(
      `alter table sync_runs drop constraint sync_runs_trigger_check, add constraint sync_runs_trigger_check
         check (trigger in ('initial', 'manual', 'scheduled', 'webhook', 'repair'))`,
    );
    await runner.query('alter table checkpoints drop column followed');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where a run began, for streams that re-read a window; what the provider withheld from it. */
export class SyncWindows20261121001000 implements MigrationInterface {
  readonly name = 'SyncWindows20261121001000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table sync_runs add column began_from jsonb, add column notes jsonb not null default '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sync_runs drop column began_from, drop column notes');
  }
}

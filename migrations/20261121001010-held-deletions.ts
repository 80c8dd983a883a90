import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run that would delete too much stops and asks; the answer is a run that may. */
export class HeldDeletions20261121001010 implements MigrationInterface {
  readonly name = 'HeldDeletions20261121001010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table sync_runs add column allow_deletions boolean not null default false, add column held_back integer not null default 0',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table sync_runs drop column allow_deletions, drop column held_back');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** `again`: where the next run begins, as what was read there was left out in part; JSON's null: at the beginning. */
export class PositionsToReadAgain20261122004020 implements MigrationInterface {
  readonly name = 'PositionsToReadAgain20261122004020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table checkpoints add column again jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table checkpoints drop column again');
  }
}

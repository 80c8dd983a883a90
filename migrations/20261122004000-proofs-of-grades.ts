import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What proves that a hub of this database gave the grade. Grades without it are computed again. */
export class ProofsOfGrades20261122004000 implements MigrationInterface {
  readonly name = 'ProofsOfGrades20261122004000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table plugin_grades add column proof text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table plugin_grades drop column proof');
  }
}

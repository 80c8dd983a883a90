import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language a person chose for the pages; null for one who never did. */
export class LanguageOfAPerson20261121003700 implements MigrationInterface {
  readonly name = 'LanguageOfAPerson20261121003700';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users add column locale text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column locale');
  }
}

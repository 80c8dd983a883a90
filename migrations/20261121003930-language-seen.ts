import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The language a person who never chose one reads the pages in: mails are written in it. */
export class LanguageSeen20261121003930 implements MigrationInterface {
  readonly name = 'LanguageSeen20261121003930';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users add column seen_locale text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table users drop column seen_locale');
  }
}

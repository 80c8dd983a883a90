import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who wins where a record was changed here and at the provider. */
export class ConflictRule20261121002310 implements MigrationInterface {
  name = 'ConflictRule20261121002310';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table integrations add column conflict_rule text not null default 'provider'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table integrations drop column conflict_rule');
  }
}

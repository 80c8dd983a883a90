import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An ended connection may leave the pages; its records stay as was chosen when it ended. */
export class RemovedIntegrations20261121002010 implements MigrationInterface {
  readonly name = 'RemovedIntegrations20261121002010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table integrations add column removed_at timestamptz');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table integrations drop column removed_at');
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is removed is shown behind all that is there: found without reading what is there. */
export class RemovedRecords20261121003891 implements MigrationInterface {
  readonly name = 'RemovedRecords20261121003891';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index records_removed on records (store_id, integration_id, stream, change) where deleted_at is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index records_removed');
  }
}

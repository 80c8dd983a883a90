import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is waiting is numbered as it is stored: rows that are copied in come without a number. */
export class QueueNumbers20261121003600 implements MigrationInterface {
  readonly name = 'QueueNumbers20261121003600';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query("alter table webhook_queue alter column seq set default nextval('webhook_events_arrival')");
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table webhook_queue alter column seq drop default');
  }
}

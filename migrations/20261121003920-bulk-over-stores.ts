import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A wish for integrations of several stores is a job in each, told apart from others by `batch`; and it can be cancelled. */
export class BulkOverStores20261121003920 implements MigrationInterface {
  readonly name = 'BulkOverStores20261121003920';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table bulk_jobs add column batch uuid, add column cancelled_at timestamptz;
      create index bulk_jobs_batch on bulk_jobs (batch) where batch is not null;
      create index bulk_jobs_open on bulk_jobs (store_id) where ended_at is null;
      alter table bulk_items drop constraint bulk_items_status_check;
      alter table bulk_items add check (status in ('waiting', 'done', 'skipped', 'failed', 'cancelled'));`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table bulk_items drop constraint bulk_items_status_check;
      update bulk_items set status = 'skipped' where status = 'cancelled';
      alter table bulk_items add check (status in ('waiting', 'done', 'skipped', 'failed'));
      alter table bulk_jobs drop column batch, drop column cancelled_at;
      drop index if exists bulk_jobs_open;`);
  }
}

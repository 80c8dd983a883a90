import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One wish for many integrations of a store, and what became of each. */
export class BulkJobs20261121002530 implements MigrationInterface {
  readonly name = 'BulkJobs20261121002530';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table bulk_jobs (
        store_id uuid not null references stores (id) on delete cascade,
        id uuid not null,
        user_id uuid not null references users (id) on delete cascade,
        action text not null,
        created_at timestamptz not null default now(),
        ended_at timestamptz,
        primary key (store_id, id)
      );
      create index bulk_jobs_age on bulk_jobs (created_at);
      create table bulk_items (
        store_id uuid not null,
        job_id uuid not null,
        integration_id uuid not null,
        status text not null default 'waiting' check (status in ('waiting', 'done', 'skipped', 'failed')),
        code text,
        message text,
        primary key (store_id, job_id, integration_id),
        foreign key (store_id, job_id) references bulk_jobs (store_id, id) on delete cascade
      );`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table bulk_items; drop table bulk_jobs;');
  }
}

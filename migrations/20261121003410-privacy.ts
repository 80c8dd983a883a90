import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How long a store keeps what, its exports in pieces (any host may hand them out), and what is left of a store that was
 * deleted: the proof. Its table names no tenant by `store_id`, as there is none any more.
 */
export class Privacy20261121003410 implements MigrationInterface {
  readonly name = 'Privacy20261121003410';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table stores
  add column run_days integer not null default 90 check (run_days between 7 and 3650),
  add column deleted_record_days integer not null default 90 check (deleted_record_days between 7 and 3650),
  add column ended_days integer not null default 365 check (ended_days between 1 and 3650),
  add column audit_days integer not null default 400 check (audit_days between 30 and 3650),
  add column deleting_at timestamptz;

create table store_exports (
  store_id uuid not null references stores (id) on delete cascade,
  id uuid not null,
  requested_by text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done', 'failed', 'cancelled')),
  kind text,
  rows bigint not null default 0,
  rows_in_all bigint,
  bytes bigint not null default 0,
  sha256 text,
  message text,
  attempt integer not null default 0,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  expires_at timestamptz,
  primary key (store_id, id)
);
create unique index store_exports_one_active on store_exports (store_id) where status in ('queued', 'running');

create table store_export_parts (
  store_id uuid not null,
  export_id uuid not null,
  number integer not null,
  bytes bytea not null,
  primary key (store_id, export_id, number),
  foreign key (store_id, export_id) references store_exports (store_id, id) on delete cascade
);
-- They are compressed already.
alter table store_export_parts alter column bytes set storage external;

create table store_deletions (
  id uuid primary key,
  subject uuid not null,
  slug text not null,
  name text not null,
  user_id uuid,
  requested_by text not null,
  status text not null default 'queued' check (status in ('queued', 'running', 'done')),
  farewells jsonb not null default '[]',
  removed jsonb not null default '{}',
  attempts integer not null default 0,
  requested_at timestamptz not null default now(),
  finished_at timestamptz,
  proof text,
  sha256 text,
  kid text,
  mac text
);
create unique index store_deletions_one_active on store_deletions (subject) where status <> 'done';
create index store_deletions_time on store_deletions (requested_at desc);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table store_deletions;
drop table store_export_parts;
drop table store_exports;
alter table stores drop column run_days, drop column deleted_record_days, drop column ended_days, drop column audit_days, drop column deleting_at;
`);
  }
}

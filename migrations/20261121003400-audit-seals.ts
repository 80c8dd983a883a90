import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Entries of the audit log are sealed in groups after they were written: each seal holds a hash of its entries and of the
 * seal before it. What the hub itself reads of credentials is counted by the hour before it becomes an entry.
 */
export class AuditSeals20261121003400 implements MigrationInterface {
  readonly name = 'AuditSeals20261121003400';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table audit_entries add column seal bigint;
create index audit_entries_loose on audit_entries ((coalesce(store_id, '00000000-0000-0000-0000-000000000000'::uuid)), id) where seal is null;
create index audit_entries_sealed on audit_entries ((coalesce(store_id, '00000000-0000-0000-0000-000000000000'::uuid)), seal);
create index audit_entries_time on audit_entries (at desc, id desc);

create table audit_seals (
  -- All zeros: entries of no store.
  store_id uuid not null,
  number bigint not null,
  entries integer not null,
  last_at timestamptz not null,
  content text not null,
  previous text not null,
  hash text not null,
  kid text not null,
  mac text not null,
  sealed_at timestamptz not null default now(),
  dropped_at timestamptz,
  primary key (store_id, number)
);

create table credential_reads (
  store_id uuid not null,
  integration_id uuid not null,
  hour timestamptz not null,
  purpose text not null,
  count bigint not null,
  primary key (store_id, integration_id, hour, purpose)
);
create index credential_reads_hour on credential_reads (hour);
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
drop table credential_reads;
drop table audit_seals;
drop index audit_entries_time;
drop index audit_entries_sealed;
drop index audit_entries_loose;
alter table audit_entries drop column seal;
`);
  }
}

import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which keys have sealed something here, which hosts hold which keys, how far a rotation is; what proves a kept generation. */
export class VaultKeys20261121003100 implements MigrationInterface {
  readonly name = 'VaultKeys20261121003100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
create table vault_keys (
  kid text primary key,
  fingerprint text not null,
  since timestamptz not null default now()
);
create table vault_hosts (
  id uuid primary key,
  name text not null,
  kids text[] not null,
  seals_with text not null,
  seen_at timestamptz not null default now()
);
create table vault_rotations (
  id uuid primary key,
  kid text not null,
  total integer not null,
  done integer not null default 0,
  unreadable integer not null default 0,
  started_at timestamptz not null default now(),
  progress_at timestamptz not null default now(),
  finished_at timestamptz
);
create unique index vault_rotations_open on vault_rotations (kid) where finished_at is null;
alter table plugin_generations add column proof text;
`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
alter table plugin_generations drop column proof;
drop table vault_rotations;
drop table vault_hosts;
drop table vault_keys;
`);
  }
}

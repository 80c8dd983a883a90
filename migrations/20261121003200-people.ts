import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, resets, second factors, and what ends a session beside a new password. */
export class People20261121003200 implements MigrationInterface {
  readonly name = 'People20261121003200';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [USERS, INVITATIONS, SECOND_FACTORS, ATTEMPTS]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table login_attempts; drop table recovery_codes; drop table second_factors;
      drop table password_resets; drop table invitations; drop index sessions_user;
      alter table users drop column stamp, drop column disabled_at`);
  }
}

/** Sessions that are open carry a stamp made of the password; they are to go on. */
const USERS = `
alter table users add column stamp text not null default gen_random_uuid()::text, add column disabled_at timestamptz;
update users set stamp =
  left(translate(encode(sha256(convert_to(password_hash, 'UTF8')), 'base64'), '+/', '-_'), 16);
create index sessions_user on sessions ((sess ->> 'userId'));
`;

/** `store_id` is null where somebody is invited to run the hub. */
const INVITATIONS = `
create table invitations (
  store_id uuid references stores (id) on delete cascade,
  id uuid primary key,
  email text not null,
  role text not null check (role in ('owner', 'staff', 'operator')),
  token_hash text not null unique,
  inviter text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  accepted_at timestamptz,
  revoked_at timestamptz,
  check ((role = 'operator') = (store_id is null))
);
create unique index invitations_open on invitations
  (coalesce(store_id, '00000000-0000-0000-0000-000000000000'), lower(email)) where accepted_at is null and revoked_at is null;

create table password_resets (
  token_hash text primary key,
  user_id uuid not null references users (id) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index password_resets_user on password_resets (user_id);
`;

/** A secret that is not confirmed yet guards nothing; `last_step` is the time step of the last code that was taken. */
const SECOND_FACTORS = `
create table second_factors (
  user_id uuid primary key references users (id) on delete cascade,
  secret text not null,
  last_step bigint not null default 0,
  created_at timestamptz not null default now(),
  confirmed_at timestamptz
);

create table recovery_codes (
  user_id uuid not null references users (id) on delete cascade,
  hash text not null,
  used_at timestamptz,
  primary key (user_id, hash)
);
`;

/** Rebuilt by itself: a crash of the database forgives. */
const ATTEMPTS = `
create unlogged table login_attempts (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);
create index login_attempts_expire on login_attempts (expire);
`;

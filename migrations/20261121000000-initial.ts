import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every tenant table leads its key and indexes with `store_id`; foreign keys never cross stores. */
export class Initial20261121000000 implements MigrationInterface {
  readonly name = 'Initial20261121000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ACCESS, TEMPLATES, INTEGRATIONS, SYNCS, INBOX]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not undone; drop the database instead.');
  }
}

const ACCESS = `
create table users (
  id uuid primary key,
  email text not null,
  password_hash text not null,
  operator boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_login_at timestamptz
);
create unique index users_email on users (lower(email));

create table stores (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table memberships (
  store_id uuid not null references stores (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  role text not null check (role in ('owner', 'staff')),
  created_at timestamptz not null default now(),
  primary key (store_id, user_id)
);
create index memberships_user on memberships (user_id);

create table sessions (
  sid text primary key,
  sess json not null,
  expire timestamptz not null
);
create index sessions_expire on sessions (expire);

create table api_keys (
  store_id uuid not null references stores (id) on delete cascade,
  id uuid not null,
  user_id uuid not null references users (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash text not null unique,
  scopes text[] not null,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  revoked_at timestamptz,
  primary key (store_id, id)
);

create table audit_entries (
  id uuid primary key,
  store_id uuid,
  user_id uuid,
  actor text not null,
  action text not null,
  target text,
  detail jsonb not null default '{}',
  ip text,
  at timestamptz not null default now()
);
create index audit_entries_store on audit_entries (store_id, at desc);
`;

const TEMPLATES = `
create table integration_templates (
  plugin_id text primary key,
  manifest jsonb,
  overrides jsonb not null default '{}',
  content_hash text,
  state text not null check (state in ('ready', 'coming-soon', 'failed', 'missing')),
  error text,
  active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
`;

const INTEGRATIONS = `
create table integrations (
  store_id uuid not null references stores (id) on delete cascade,
  id uuid not null unique,
  plugin_id text not null,
  name text not null,
  description text,
  status text not null check (status in ('pending', 'active', 'error', 'disconnected')),
  enabled boolean not null default true,
  reason_code text,
  message text,
  method text not null check (method in ('oauth', 'manual')),
  account_external_id text,
  account jsonb,
  config jsonb not null default '{}',
  config_secrets jsonb not null default '{}',
  counts jsonb not null default '{}',
  sandbox boolean not null default false,
  webhook_key text not null unique,
  webhook_subscription text,
  connected_at timestamptz,
  last_tested_at timestamptz,
  last_synced_at timestamptz,
  last_event_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, id)
);
create index integrations_store_plugin on integrations (store_id, plugin_id);
create index integrations_account on integrations (plugin_id, account_external_id);
create unique index integrations_one_per_account on integrations (store_id, plugin_id, account_external_id);

create table credentials (
  store_id uuid not null,
  integration_id uuid not null,
  method text not null check (method in ('oauth', 'manual')),
  secrets jsonb not null,
  granted_scopes text[] not null default '{}',
  expires_at timestamptz,
  refreshed_at timestamptz,
  version integer not null default 1,
  lease_owner text,
  lease_until timestamptz,
  refresh_failures integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (store_id, integration_id),
  foreign key (store_id, integration_id) references integrations (store_id, id) on delete cascade
);
create index credentials_expiry on credentials (expires_at);

create table oauth_requests (
  store_id uuid not null references stores (id) on delete cascade,
  state_hash text not null unique,
  user_id uuid not null,
  plugin_id text not null,
  integration_id uuid,
  name text,
  binding text not null,
  verifier text,
  redirect_uri text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (store_id, state_hash)
);
create index oauth_requests_expiry on oauth_requests (expires_at);
`;

const SYNCS = `
create sequence record_changes as bigint;

create table records (
  store_id uuid not null,
  integration_id uuid not null,
  stream text not null,
  external_id text not null,
  data jsonb not null,
  hash text not null,
  source_updated_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  change bigint not null default nextval('record_changes'),
  primary key (store_id, integration_id, stream, external_id)
);
create index records_change on records (store_id, integration_id, stream, change);

create table sync_runs (
  store_id uuid not null,
  id uuid not null,
  integration_id uuid not null,
  stream text not null,
  trigger text not null check (trigger in ('initial', 'manual', 'scheduled', 'webhook', 'repair')),
  mode text not null check (mode in ('incremental', 'full')),
  status text not null check (status in ('queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled')),
  requested_by text,
  pages integer not null default 0,
  total integer,
  seen integer not null default 0,
  written integer not null default 0,
  unchanged integer not null default 0,
  deleted integer not null default 0,
  failed integer not null default 0,
  failures jsonb not null default '[]',
  error_code text,
  message text,
  attempts integer not null default 0,
  cancel_requested_at timestamptz,
  queued_at timestamptz not null default now(),
  started_at timestamptz,
  heartbeat_at timestamptz,
  finished_at timestamptz,
  primary key (store_id, id),
  foreign key (store_id, integration_id) references integrations (store_id, id) on delete cascade
);
create index sync_runs_recent on sync_runs (store_id, integration_id, queued_at desc);
create unique index sync_runs_one_active on sync_runs (store_id, integration_id, stream) where status in ('queued', 'running');

create table sync_seen (
  store_id uuid not null,
  run_id uuid not null,
  external_id text not null,
  primary key (store_id, run_id, external_id)
);

create table checkpoints (
  store_id uuid not null,
  integration_id uuid not null,
  stream text not null,
  value jsonb not null,
  complete boolean not null default false,
  run_id uuid,
  updated_at timestamptz not null default now(),
  primary key (store_id, integration_id, stream),
  foreign key (store_id, integration_id) references integrations (store_id, id) on delete cascade
);

create table schedules (
  store_id uuid not null,
  integration_id uuid not null,
  stream text not null,
  every_minutes integer,
  next_run_at timestamptz,
  primary key (store_id, integration_id, stream),
  foreign key (store_id, integration_id) references integrations (store_id, id) on delete cascade
);
create index schedules_due on schedules (next_run_at) where every_minutes is not null;
`;

const INBOX = `
create table webhook_events (
  id uuid primary key,
  seq bigint generated always as identity,
  plugin_id text not null,
  store_id uuid,
  integration_id uuid,
  account text,
  event_id text not null,
  type text not null,
  object text,
  at timestamptz,
  data jsonb not null,
  raw bytea not null,
  headers jsonb not null,
  state text not null check (state in ('pending', 'handled', 'parked', 'unmatched', 'dead', 'unverified')),
  reason text,
  attempts integer not null default 0,
  run_after timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  received_at timestamptz not null default now(),
  handled_at timestamptz
);
create index webhook_events_pending on webhook_events (run_after, seq) where state = 'pending';
create index webhook_events_order on webhook_events (integration_id, object, seq) where state = 'pending';
create index webhook_events_store on webhook_events (store_id, integration_id, received_at desc);
create index webhook_events_unmatched on webhook_events (plugin_id, account) where state = 'unmatched';

create table webhook_dedupe (
  plugin_id text not null,
  scope text not null,
  event_id text not null,
  received_at timestamptz not null default now(),
  primary key (plugin_id, scope, event_id)
);
create index webhook_dedupe_age on webhook_dedupe (received_at);
`;

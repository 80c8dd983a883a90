import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What happens to integrations, what of it somebody has to be told, and who wants to hear it how. */
export class Notices20261121003310 implements MigrationInterface {
  readonly name = 'Notices20261121003310';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [OCCURRENCES, NEWS, INCIDENTS, WEBHOOKS]) await runner.query(sql);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table webhook_deliveries; drop table webhook_endpoints; drop table notice_choices; drop table incidents;
      drop trigger integration_begins on integrations; drop trigger integration_changes on integrations;
      drop function integration_occurs(); drop trigger run_ends on sync_runs; drop function run_occurs();
      drop table occurrences;`);
  }
}

/** Short-lived: read in order by one worker at a time, and gone then. */
const OCCURRENCES = `
create table occurrences (
  store_id uuid not null references stores (id) on delete cascade,
  id bigint not null generated always as identity,
  kind text not null,
  integration_id uuid not null,
  detail jsonb not null,
  at timestamptz not null default now(),
  primary key (store_id, id)
);
create index occurrences_order on occurrences (id);
`;

/** By the database itself: a change of status is told of by whatever way it came, together with the change or not at all. */
const NEWS = `
create function integration_occurs() returns trigger language plpgsql as $$
declare
  before text := 'none';
  kinds text[] := '{}';
begin
  if tg_op = 'UPDATE' then before := old.status; end if;
  if new.status = 'error' and before <> 'error' then kinds := kinds || 'integration.needs_attention'::text; end if;
  if new.status = 'active' and before = 'error' then kinds := kinds || 'integration.recovered'::text; end if;
  if new.status = 'active' and (before in ('none', 'pending', 'disconnected')
    or (tg_op = 'UPDATE' and new.connected_at is distinct from old.connected_at)) then
    kinds := kinds || 'integration.connected'::text;
  end if;
  if new.status = 'disconnected' and before not in ('none', 'disconnected') then
    kinds := kinds || 'integration.disconnected'::text;
  end if;
  if new.status = 'active' and before = 'active' and new.reason_code = 'RECONNECT_NEEDED'
    and old.reason_code is distinct from new.reason_code then
    kinds := kinds || 'integration.ends_soon'::text;
  end if;
  if kinds <> '{}' then
    insert into occurrences (store_id, kind, integration_id, detail)
    select new.store_id, kind, new.id, jsonb_build_object('plugin', new.plugin_id, 'name', new.name,
      'account', new.account ->> 'label', 'status', new.status, 'reason', new.reason_code, 'message', new.message)
    from unnest(kinds) kind;
    perform pg_notify('patchbay_occurrences', '');
  end if;
  return null;
end $$;
create trigger integration_begins after insert on integrations for each row execute function integration_occurs();
create trigger integration_changes after update on integrations for each row when (
  (old.status, old.connected_at, old.reason_code) is distinct from (new.status, new.connected_at, new.reason_code))
  execute function integration_occurs();

create function run_occurs() returns trigger language plpgsql as $$
begin
  insert into occurrences (store_id, kind, integration_id, detail)
  select new.store_id, 'sync.finished', new.integration_id, jsonb_build_object('plugin', i.plugin_id, 'name', i.name,
    'account', i.account ->> 'label', 'status', i.status, 'run', jsonb_build_object('id', new.id, 'stream', new.stream,
      'trigger', new.trigger, 'status', new.status, 'message', new.message, 'errorCode', new.error_code, 'written', new.written,
      'unchanged', new.unchanged, 'deleted', new.deleted, 'failed', new.failed, 'startedAt', new.started_at,
      'finishedAt', new.finished_at))
  from integrations i where i.store_id = new.store_id and i.id = new.integration_id;
  perform pg_notify('patchbay_occurrences', '');
  return null;
end $$;
create trigger run_ends after update of status on sync_runs for each row when (
  old.status in ('queued', 'running') and new.status in ('succeeded', 'partial', 'failed', 'cancelled'))
  execute function run_occurs();
`;

/** One at a time of a kind about one thing; \`about\` is an integration or an endpoint, \`part\` a stream of it. */
const INCIDENTS = `
create table incidents (
  store_id uuid not null references stores (id) on delete cascade,
  id uuid not null,
  kind text not null,
  about uuid not null,
  part text not null default '',
  plugin_id text,
  name text not null,
  reason text,
  message text,
  since timestamptz not null,
  noted_at timestamptz not null default date_trunc('milliseconds', clock_timestamp()),
  reminded_at timestamptz,
  ended_at timestamptz,
  primary key (store_id, id)
);
create unique index incidents_open on incidents (store_id, about, kind, part) where ended_at is null;
create index incidents_noted on incidents (store_id, noted_at desc);

create table notice_choices (
  store_id uuid not null references stores (id) on delete cascade,
  user_id uuid not null references users (id) on delete cascade,
  mode text check (mode in ('off', 'at-once', 'daily')),
  told_until timestamptz,
  mailed_at timestamptz,
  primary key (store_id, user_id)
);
`;

/** Secrets are sealed; what was sent is kept for a while, so that it can be sent again. */
const WEBHOOKS = `
create table webhook_endpoints (
  store_id uuid not null references stores (id) on delete cascade,
  id uuid not null,
  url text not null,
  description text,
  kinds text[] not null,
  secret text not null,
  former_secret text,
  former_until timestamptz,
  enabled boolean not null default true,
  problem text,
  failing_since timestamptz,
  created_at timestamptz not null default now(),
  primary key (store_id, id)
);

create table webhook_deliveries (
  store_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  kind text not null,
  body text not null,
  state text not null default 'queued' check (state in ('queued', 'delivered', 'failed')),
  attempts integer not null default 0,
  status_code integer,
  reason text,
  created_at timestamptz not null default now(),
  next_try_at timestamptz not null default now(),
  ended_at timestamptz,
  primary key (store_id, id),
  foreign key (store_id, endpoint_id) references webhook_endpoints (store_id, id) on delete cascade
);
create index webhook_deliveries_of on webhook_deliveries (store_id, endpoint_id, created_at desc, id desc);
create index webhook_deliveries_waiting on webhook_deliveries (next_try_at) where state = 'queued';
`;

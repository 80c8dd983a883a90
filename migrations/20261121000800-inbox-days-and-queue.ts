import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events in partitions by day (their ids begin with the time), and what is to be handled in a small table of its own: a
 * claim never looks at the days before. What decides where an event goes is told to all hosts when it changes.
 */
export class InboxDaysAndQueue20261121000800 implements MigrationInterface {
  readonly name = 'InboxDaysAndQueue20261121000800';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [ASIDE, DAYS, QUEUE, MOVE, RETENTION, NEWS]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Days that were dropped do not come back; restore a backup instead.');
  }
}

const ASIDE = `
alter table webhook_events rename to webhook_events_before;
alter table webhook_events_before rename constraint webhook_events_pkey to webhook_events_before_pkey;
drop index webhook_events_pending, webhook_events_order, webhook_events_store, webhook_events_unmatched,
  webhook_events_parked, webhook_events_unverified;
`;

const DAYS = `
create sequence webhook_events_arrival as bigint;
create table webhook_events (
  id uuid primary key,
  seq bigint not null default nextval('webhook_events_arrival'),
  plugin_id text not null,
  store_id uuid,
  integration_id uuid,
  account text,
  event_id text not null,
  type text not null,
  object text,
  at timestamptz,
  -- Null where the bytes are this very JSON.
  data jsonb,
  raw bytea not null,
  headers jsonb not null,
  state text not null check (state in ('pending', 'handled', 'parked', 'unmatched', 'dead', 'unverified')),
  reason text,
  attempts integer not null default 0,
  trail jsonb not null default '[]',
  run_after timestamptz not null default now(),
  received_at timestamptz not null default now(),
  handled_at timestamptz
) partition by range (id);
alter sequence webhook_events_arrival owned by webhook_events.seq;
create table webhook_events_rest partition of webhook_events default;
create index webhook_events_store on webhook_events (store_id, integration_id, received_at desc);
create index webhook_events_kept on webhook_events (store_id, integration_id, state) where state in ('parked', 'dead');
create index webhook_events_unmatched on webhook_events (plugin_id, account) where state = 'unmatched';
create index webhook_events_unverified on webhook_events (plugin_id, seq) where state = 'unverified';

-- The partition of one day (UTC), made unless it is there. What the rest holds of that day moves in.
create function webhook_events_day(day date) returns text language plpgsql as $$
declare
  name text := 'webhook_events_' || to_char(day, 'YYYYMMDD');
  since uuid := (lpad(to_hex((extract(epoch from day) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
  until uuid := (lpad(to_hex((extract(epoch from day + 1) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
begin
  if to_regclass(name) is not null then
    return null;
  end if;
  create temp table strays (like webhook_events) on commit drop;
  with moved as (delete from webhook_events_rest where id >= since and id < until returning *)
    insert into strays select * from moved;
  execute format('create table %I partition of webhook_events for values from (%L) to (%L)', name, since, until);
  insert into webhook_events select * from strays;
  drop table strays;
  return name;
end $$;
`;

const QUEUE = `
create table webhook_queue (
  store_id uuid not null,
  integration_id uuid not null,
  seq bigint not null,
  id uuid not null,
  object text,
  run_after timestamptz not null default now(),
  lease_owner text,
  lease_until timestamptz,
  attempts integer not null default 0,
  primary key (store_id, integration_id, seq)
);
create index webhook_queue_order on webhook_queue (integration_id, object, seq) where object is not null;
-- Rows come and go all the time; their dead versions must not be walked over by every claim.
alter table webhook_queue set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0);
drop index webhook_dedupe_age;
create index webhook_dedupe_age on webhook_dedupe using brin (received_at);
`;

const MOVE = `
select webhook_events_day(day::date) from (
  select distinct date_trunc('day', to_timestamp(('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint / 1000.0) at time zone 'utc') as day
  from webhook_events_before where substr(id::text, 15, 1) = '7'
  union select generate_series(date_trunc('day', now() at time zone 'utc') - interval '1 day', now() at time zone 'utc' + interval '7 days', '1 day')
) days where day between now() - interval '1 year' and now() + interval '8 days';
insert into webhook_events (id, seq, plugin_id, store_id, integration_id, account, event_id, type, object, at, data, raw, headers,
    state, reason, attempts, run_after, received_at, handled_at)
  select id, seq, plugin_id, store_id, integration_id, account, event_id, type, object, at, data, raw, headers,
    state, reason, attempts, run_after, received_at, handled_at from webhook_events_before;
insert into webhook_queue (store_id, integration_id, seq, id, object, run_after, attempts)
  select store_id, integration_id, seq, id, object, run_after, attempts from webhook_events_before where state = 'pending';
select setval('webhook_events_arrival', coalesce(max(seq), 0) + 1, false) from webhook_events_before;
drop table webhook_events_before;
`;

const RETENTION = `
alter table stores add column event_days integer not null default 30 check (event_days between 1 and 365);
`;

/** The payload names no secret: an integration's id, then hashes of the accounts it has and had. */
const NEWS = `
create function webhook_owner_news() returns trigger language plpgsql as $$
begin
  if tg_op <> 'INSERT' then
    perform pg_notify('patchbay_owners', old.id || ' ' || md5(old.plugin_id || ' ' || coalesce(old.account_external_id, '')));
  end if;
  if tg_op <> 'DELETE' then
    perform pg_notify('patchbay_owners', new.id || ' ' || md5(new.plugin_id || ' ' || coalesce(new.account_external_id, '')));
  end if;
  return null;
end $$;
create trigger webhook_owner_comes after insert or delete on integrations for each row execute function webhook_owner_news();
create trigger webhook_owner_changes after update on integrations for each row when (
  (old.plugin_id, old.account_external_id, old.webhook_key, old.status, old.enabled, old.name, old.message,
    old.config_secrets, old.webhook_secrets, old.webhook_former)
  is distinct from
  (new.plugin_id, new.account_external_id, new.webhook_key, new.status, new.enabled, new.name, new.message,
    new.config_secrets, new.webhook_secrets, new.webhook_former))
  execute function webhook_owner_news();

create function webhook_account_news() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    perform pg_notify('patchbay_owners', new.integration_id || ' ' || md5(new.plugin_id || ' ' || new.account));
  else
    perform pg_notify('patchbay_owners', old.integration_id || ' ' || md5(old.plugin_id || ' ' || old.account));
  end if;
  return null;
end $$;
create trigger webhook_account_changes after insert or delete on webhook_accounts for each row execute function webhook_account_news();

create function webhook_secret_news() returns trigger language plpgsql as $$
begin
  perform pg_notify('patchbay_owners', coalesce(new.integration_id, old.integration_id)::text);
  return null;
end $$;
create trigger webhook_secret_comes after insert or delete on credentials for each row execute function webhook_secret_news();
create trigger webhook_secret_changes after update on credentials for each row when (old.secrets is distinct from new.secrets)
  execute function webhook_secret_news();
`;

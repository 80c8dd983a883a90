import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The queue in lanes of events that wait for each other, by one index: what stands behind a lane's first event is never
 * looked at. What was seen is known by a hash, of which an index holds four times as many.
 */
export class InboxLanes20261121002100 implements MigrationInterface {
  readonly name = 'InboxLanes20261121002100';

  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [LANES, SEEN]) await runner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('A hash does not give back what it was made of; restore a backup instead.');
  }
}

const LANES = `
alter table webhook_queue add column lane text collate "C";
update webhook_queue set lane = coalesce(object, id::text);
alter table webhook_queue drop constraint webhook_queue_pkey;
alter table webhook_queue alter column lane set not null, add primary key (store_id, integration_id, lane, seq);
-- With it goes webhook_queue_order.
alter table webhook_queue drop column object;
-- A claim writes the row once more, on its page if there is room.
alter table webhook_queue set (fillfactor = 70);
`;

const SEEN = `
create function webhook_key(plugin_id text, scope text, event_id text) returns uuid language sql immutable parallel safe as $$
  select encode(substr(sha256(convert_to(plugin_id || ' ' || octet_length(scope) || ' ' || scope || ' ' || event_id, 'UTF8')), 1, 16), 'hex')::uuid
$$;
alter table webhook_dedupe rename to webhook_dedupe_before;
alter table webhook_dedupe_before rename constraint webhook_dedupe_pkey to webhook_dedupe_before_pkey;
drop index webhook_dedupe_age;
create table webhook_dedupe (
  key uuid primary key,
  received_at timestamptz not null default now()
);
insert into webhook_dedupe (key, received_at)
  select webhook_key(plugin_id, scope, event_id), received_at from webhook_dedupe_before order by received_at on conflict do nothing;
drop table webhook_dedupe_before;
create index webhook_dedupe_age on webhook_dedupe using brin (received_at);
`;

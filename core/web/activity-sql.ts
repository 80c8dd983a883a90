/**
 * One statement for each place where something that happened is kept. All take `$1` store, `$2` integration or null, `$3` and
 * `$4` from and until, `$5` and `$6` the mark to go on behind, `$7` how many; what they narrow down by besides begins at `$8`.
 */
const within = (at: string, id: string) => `($3::timestamptz is null or ${at} >= $3) and ($4::timestamptz is null or ${at} < $4)
  and ($5::timestamptz is null or (${at}, ${id}) < ($5, $6::uuid))`;

/** What an entry of the audit log is about: a test, a connection, or any other change. */
const KIND = `case when e.action = 'integration.test' then 'test'
  when e.action in ('integration.connect', 'integration.reconnect', 'integration.disconnect', 'integration.remove',
    'integration.needs-reconnect', 'integration.needs-settings', 'integration.mended', 'integration.status',
    'integration.reminder', 'integration.connect-begin') then 'connection'
  else 'change' end`;

const WENT_WRONG = `(e.action in ('integration.needs-reconnect', 'integration.needs-settings')
  or (e.action = 'integration.test' and e.detail ->> 'passed' = 'false'))`;

/** `$8` kinds, `$9` what actions begin with, `$10` whether it went wrong, `$11` who. */
export const AUDIT = `
  select e.id, e.store_id as "storeId", e.actor, e.action, e.target, e.detail, e.ip, e.at, e.at::text as mark,
    coalesce(i.name, k.name) as "targetName", i.id as "integrationId", i.plugin_id as "pluginId", ${KIND} as kind,
    ${WENT_WRONG} as "wentWrong"
  from audit_entries e
    left join integrations i on i.store_id = e.store_id and i.id::text = e.target
    left join api_keys k on k.store_id = e.store_id and k.id::text = e.target
  where e.store_id = $1 and ($2::uuid is null or e.target = $2::uuid::text) and ${within('e.at', 'e.id')}
    and ${KIND} = any($8::text[]) and split_part(e.action, '.', 1) = any($9::text[])
    and ($10::boolean is null or ${WENT_WRONG} = $10)
    and ($11::text is null or case $11
      when 'people' then e.actor like '%@%' and e.actor not like '% (api key %'
      when 'keys' then e.actor like '% (api key %'
      when 'hub' then e.actor not like '%@%'
      else e.actor = $11 or starts_with(e.actor, $11 || ' (api key ') end)
  order by e.at desc, e.id desc limit $7`;

/** `$8` states, `$9` who. */
export const RUNS = (columns: string) => `
  select ${columns}, r.queued_at::text as mark, i.plugin_id as "pluginId"
  from sync_runs r join integrations i on i.store_id = r.store_id and i.id = r.integration_id
  where r.store_id = $1 and ($2::uuid is null or r.integration_id = $2) and ${within('r.queued_at', 'r.id')}
    and ($8::text[] is null or r.status = any($8))
    and ($9::text is null or case $9 when 'people' then r.requested_by is not null when 'hub' then r.requested_by is null
      else r.requested_by = $9 end)
  order by r.queued_at desc, r.id desc limit $7`;

/** `$8` states. Asked for one integration after the other: so it is answered from the index that there is. */
export const EVENTS = (columns: string) => `
  select e.* from integrations i cross join lateral (
    select ${columns}, received_at::text as mark from webhook_events
    where store_id = $1 and integration_id = i.id and ${within('received_at', 'id')} and ($8::text[] is null or state = any($8))
    order by received_at desc, id desc limit $7) e
  where i.store_id = $1 and ($2::uuid is null or i.id = $2)
  order by e."receivedAt" desc, e.id desc limit $7`;

/** `$8` whether those that are mended, or those that began; null for both. */
export const INCIDENTS = `
  select n.* from (
    select store_id as "storeId", id, kind, about, part, plugin_id as "pluginId", name, reason, message, since,
      noted_at as "notedAt", ended_at as "endedAt", false as mended, noted_at as at, noted_at::text as mark
    from incidents where store_id = $1 and ($2::uuid is null or about = $2)
    union all
    select store_id, id, kind, about, part, plugin_id, name, reason, message, since, noted_at, ended_at, true, ended_at, ended_at::text
    from incidents where store_id = $1 and ($2::uuid is null or about = $2) and ended_at is not null) n
  where ${within('n.at', 'n.id')} and ($8::boolean is null or n.mended = $8)
  order by n.at desc, n.id desc limit $7`;

/** `$8` states. Mails are about a store, not about one of its integrations. */
export const MAILS = `
  select id, recipient, subject, state, reason, created_at as at, created_at::text as mark
  from mails where store_id = $1 and $2::uuid is null and ${within('created_at', 'id')} and ($8::text[] is null or state = any($8))
  order by created_at desc, id desc limit $7`;

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/**
 * Milliseconds that usually pass from one event of the integration `i` to the next, by the last 50; null while there were
 * too few to tell.
 */
export const USUAL_GAP = `(select case when count(*) >= 10
    then extract(epoch from max(received_at) - min(received_at)) * 1000 / (count(*) - 1) end::float8
  from (select received_at from webhook_events where store_id = i.store_id and integration_id = i.id
        order by received_at desc limit 50) latest)`;

/** Whoever calls every minute is missed after a day; whoever calls now and then, or never did, after a week. */
export function isSilent(since: Date, usualGapMs: number | null): boolean {
  const patience = usualGapMs === null ? WEEK_MS : Math.min(WEEK_MS, Math.max(DAY_MS, 20 * usualGapMs));
  return Date.now() - since.getTime() > patience;
}

/** {@link isSilent} of the integration `i`, where something came once: `$1` names the plugins that take messages. */
export const IS_SILENT = `(i.status = 'active' and i.enabled and i.plugin_id = any($1) and i.last_event_at < now() - interval '1 day'
  and not exists (select from webhook_spool s where s.store_id = i.store_id and s.integration_id = i.id and s.problem is null)
  and (i.last_event_at < now() - interval '7 days'
    or i.last_event_at < now() - greatest(interval '1 day', coalesce(20 * ${USUAL_GAP} * interval '1 millisecond', interval '7 days'))))`;

import { isRaw, type Raw, type Reply, rows } from 'patchbay';

/** From here on the account should be left alone for a while. */
const BUSY_PERCENT = 80;

/** Seconds to rest after an answer: from none at 80 % of a limit up to a minute at all of it, or what the provider says. */
export function pace({ headers }: Pick<Reply, 'headers'>): number | undefined {
  const used = Math.max(0, ...usages(headers).map(busiest));
  if (used < BUSY_PERCENT) return undefined;
  const rest = Math.ceil(((Math.min(used, 100) - BUSY_PERCENT) / (100 - BUSY_PERCENT)) * 60);
  return Math.max(rest, 1, regainSeconds(headers) ?? 0);
}

/** When calls are possible again, where the provider says so (it counts in minutes). */
export function regainSeconds(headers: Readonly<Record<string, string>>): number | undefined {
  const minutes = usages(headers).map((usage) => numberIn(usage, 'estimated_time_to_regain_access'));
  const seconds = usages(headers).map((usage) => numberIn(usage, 'reset_time_duration'));
  const wait = Math.max(0, ...minutes.map((one) => one * 60), ...seconds);
  return wait > 0 ? wait : undefined;
}

/** https://developers.facebook.com/docs/graph-api/overview/rate-limiting: one object, or a list of them for each business. */
function usages(headers: Readonly<Record<string, string>>): Raw[] {
  const plain = ['x-app-usage', 'x-ad-account-usage', 'x-fb-ads-insights-throttle', 'x-fb-ads-insights-reach-throttle'];
  const one = plain.map((name) => parsed(headers[name]));
  const lists = Object.values(parsed(headers['x-business-use-case-usage']) ?? {});
  return [...one.filter((usage) => usage !== undefined), ...lists.flatMap(rows)];
}

function busiest(usage: Raw): number {
  const names = ['call_count', 'total_cputime', 'total_time', 'acc_id_util_pct', 'app_id_util_pct'];
  return Math.max(...names.map((name) => numberIn(usage, name)));
}

function numberIn(usage: Raw, name: string): number {
  const value = usage[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function parsed(header: string | undefined): Raw | undefined {
  if (!header) return undefined;
  try {
    const value: unknown = JSON.parse(header);
    return isRaw(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

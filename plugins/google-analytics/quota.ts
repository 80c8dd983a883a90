import { isRaw, type Reply } from 'patchbay';

const HOUR = 3600;
/** How long the whole account rests after an error of Google's own: ten within an hour block the property. */
export const ERROR_REST_SECONDS = 600;

/** What should be left for others, and until when to rest where less is. */
const FLOORS: readonly (readonly [name: string, floor: number, until: (now: number) => number])[] = [
  ['tokensPerDay', 2_000, untilNextDay],
  ['tokensPerHour', 1_000, untilNextHour],
  ['tokensPerProjectPerHour', 500, untilNextHour],
  ['serverErrorsPerProjectPerHour', 3, untilNextHour],
  ['potentiallyThresholdedRequestsPerHour', 10, untilNextHour],
  ['concurrentRequests', 2, () => 5],
];

/** Seconds to the next full hour, when hourly quotas come back; a little more, as clocks differ. */
export function untilNextHour(now: number): number {
  return HOUR - (Math.floor(now / 1000) % HOUR) + 30;
}

/** Seconds to the next midnight in California, when daily quotas come back. */
export function untilNextDay(now: number): number {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone: 'America/Los_Angeles', timeStyle: 'medium' }).format(now);
  const [hours = 0, minutes = 0, seconds = 0] = clock.split(':').map(Number);
  return 24 * HOUR - (hours * HOUR + minutes * 60 + seconds) + 60;
}

/** Rests the account's background work before a quota is used up, and after an error of Google's own. */
export function pace(reply: Reply, now = Date.now()): number | undefined {
  if (reply.status >= 500) return ERROR_REST_SECONDS;
  const quota = isRaw(reply.data) ? reply.data['propertyQuota'] : undefined;
  if (!isRaw(quota)) return undefined;
  const rests = FLOORS.flatMap(([name, floor, until]) => {
    const state = quota[name];
    const remaining = isRaw(state) ? (state['remaining'] ?? 0) : undefined;
    return typeof remaining === 'number' && remaining < floor ? [until(now)] : [];
  });
  return rests.length > 0 ? Math.max(...rests) : undefined;
}

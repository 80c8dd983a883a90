import { type Reply, TryLater } from 'patchbay';

/** Nothing says by which clock a day begins: it is asked again each hour. */
const REST_SECONDS = 3600;
/** What of a day's calls is left to people who wait. */
const KEPT_SHARE = 0.01;

type Answer = Pick<Reply, 'status' | 'headers'>;

/** Rests background work before the calls of a day (200,000 for each app and location) are used up. */
export function pace({ headers }: Pick<Reply, 'headers'>): number | undefined {
  const [left, limit] = [countIn(headers, 'x-ratelimit-daily-remaining'), countIn(headers, 'x-ratelimit-limit-daily') ?? 0];
  return left !== undefined && left <= limit * KEPT_SHARE ? REST_SECONDS : undefined;
}

/** A limit of ten seconds is the hub's to wait for, one of a day is not. */
export function usedUp({ status, headers }: Answer, cause: unknown): TryLater | undefined {
  if (status !== 429 || countIn(headers, 'x-ratelimit-daily-remaining') !== 0) return undefined;
  return new TryLater('LeadConnector takes no more calls for this location today. It goes on by itself.', {
    code: 'RATE_LIMIT_EXCEEDED',
    afterSeconds: REST_SECONDS,
    cause,
  });
}

function countIn(headers: Answer['headers'], name: string): number | undefined {
  const value = headers[name];
  return value !== undefined && /^\d+$/.test(value) ? Number(value) : undefined;
}

import { Refusal } from './answers.ts';

/** What Google grants a standard property. */
const GRANTED = {
  tokensPerDay: 200_000,
  tokensPerHour: 40_000,
  tokensPerProjectPerHour: 14_000,
  concurrentRequests: 10,
  serverErrorsPerProjectPerHour: 10,
  potentiallyThresholdedRequestsPerHour: 120,
} as const;

export type QuotaName = keyof typeof GRANTED;

const SEE = 'To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas.';
const EXHAUSTED: Readonly<Record<QuotaName, string>> = {
  tokensPerDay: `Exhausted property tokens per day. These quota tokens will return in under a day. ${SEE}`,
  tokensPerHour: `Exhausted property tokens per hour. These quota tokens will return in under an hour. ${SEE}`,
  tokensPerProjectPerHour: `Exhausted property tokens for a project per hour. These quota tokens will return in under an hour. ${SEE}`,
  concurrentRequests: `Exhausted concurrent requests quota. Please send fewer requests concurrently. ${SEE}`,
  serverErrorsPerProjectPerHour: `Exhausted server errors for a project per hour. These quota tokens will return in under an hour. ${SEE}`,
  potentiallyThresholdedRequestsPerHour: `Exhausted potentially thresholded requests quota. This quota will refresh in under an hour. ${SEE}`,
};

interface Used {
  hour: number;
  day: string;
  used: Record<QuotaName, number>;
}

/** Counts what each property's reports cost, by the hour and by the Pacific day. */
export class Quotas {
  readonly #used = new Map<string, Used>();

  /** @throws Refusal (429) for what is used up */
  check(propertyId: string, now: number): void {
    const { used } = this.#now(propertyId, now);
    const spent = (Object.keys(GRANTED) as QuotaName[]).find((name) => used[name] >= GRANTED[name]);
    if (spent) throw new Refusal(429, EXHAUSTED[spent]);
  }

  /** The answer's `propertyQuota`, this request included. */
  spend(propertyId: string, tokens: number, now: number): Record<QuotaName, { consumed: number; remaining: number }> {
    const { used } = this.#now(propertyId, now);
    const consumed: Partial<Record<QuotaName, number>> = {
      tokensPerDay: tokens,
      tokensPerHour: tokens,
      tokensPerProjectPerHour: tokens,
    };
    const states = (Object.keys(GRANTED) as QuotaName[]).map((name) => {
      used[name] += consumed[name] ?? 0;
      return [name, { consumed: consumed[name] ?? 0, remaining: Math.max(0, GRANTED[name] - used[name]) }] as const;
    });
    return Object.fromEntries(states) as Record<QuotaName, { consumed: number; remaining: number }>;
  }

  serverError(propertyId: string, now: number): void {
    this.#now(propertyId, now).used.serverErrorsPerProjectPerHour += 1;
  }

  /** Leaves `left` of it. */
  drain(propertyId: string, given: { name: QuotaName; left: number }, now: number): void {
    this.#now(propertyId, now).used[given.name] = Math.max(0, GRANTED[given.name] - given.left);
  }

  clear(): void {
    this.#used.clear();
  }

  spent(propertyId: string, now: number): Readonly<Record<QuotaName, number>> {
    return this.#now(propertyId, now).used;
  }

  #now(propertyId: string, now: number): Used {
    const hour = Math.floor(now / 3_600_000);
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Los_Angeles' }).format(now);
    const before = this.#used.get(propertyId);
    if (before?.hour === hour && before.day === day) return before;
    const perDay = before?.day === day ? before.used.tokensPerDay : 0;
    const none = Object.fromEntries(Object.keys(GRANTED).map((name) => [name, 0])) as Record<QuotaName, number>;
    const fresh = { hour, day, used: { ...none, tokensPerDay: perDay } };
    this.#used.set(propertyId, fresh);
    return fresh;
  }
}

export const QUOTA_NAMES = Object.keys(GRANTED) as QuotaName[];

import { type HubError, NotFound, Rejected, TryLater } from '../sdk/errors.ts';
import { isFailure, type NetworkFailure, type RawReply } from './transport.ts';

const ATTEMPTS = 3;
/** Longer waits belong to the queue, not to a held call. */
const LONGEST_WAIT_SECONDS = 5;
/** A day: the longest quota window providers have. Anything above is a mistake of theirs. */
const LONGEST_RETRY_AFTER = 86_400;
const BUSY = new Set([408, 425, 502, 503, 504]);

/** What decides about a call that did not go well. */
export interface Attempt {
  readonly number: number;
  readonly idempotent: boolean;
  readonly remainingMs: number;
  /** The window of the rate budget: how long to rest when the provider does not say. */
  readonly budgetSeconds: number;
  /** `Acme answered 422 to POST /contacts/: email is taken` */
  readonly message: string;
}

export type Verdict = { readonly waitMs: number } | { readonly error: HubError };

/** Repeat after a wait, or give up with an error. */
export function judge(outcome: RawReply | NetworkFailure, attempt: Attempt): Verdict {
  if (isFailure(outcome)) {
    const error = new TryLater(attempt.message, { cause: outcome.cause });
    return attempt.idempotent || outcome.unsent ? again(attempt, backoffMs(attempt.number), error) : { error };
  }
  if (outcome.status === 429) return judgeLimited(outcome, attempt);
  if (BUSY.has(outcome.status)) return judgeBusy(outcome, attempt);
  if (outcome.status >= 500) return { error: new TryLater(attempt.message) };
  const gone = outcome.status === 404 || outcome.status === 410;
  return { error: gone ? new NotFound(attempt.message) : new Rejected(attempt.message) };
}

/** A 429 was refused before it was done, so that any call may be repeated. */
function judgeLimited(reply: RawReply, attempt: Attempt): Verdict {
  const told = retryAfterSeconds(reply.headers);
  const afterSeconds = Math.max(1, Math.ceil(told ?? attempt.budgetSeconds));
  const error = new TryLater(attempt.message, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds });
  return told !== undefined && told <= LONGEST_WAIT_SECONDS ? again(attempt, waitFor(told, attempt), error) : { error };
}

function judgeBusy(reply: RawReply, attempt: Attempt): Verdict {
  const told = retryAfterSeconds(reply.headers);
  const options = told === undefined ? {} : { afterSeconds: Math.max(1, Math.ceil(told)) };
  const error = new TryLater(attempt.message, options);
  if (!attempt.idempotent || (told ?? 0) > LONGEST_WAIT_SECONDS) return { error };
  return again(attempt, told === undefined ? backoffMs(attempt.number) : waitFor(told, attempt), error);
}

function again(attempt: Attempt, waitMs: number, error: HubError): Verdict {
  return attempt.number < ATTEMPTS && waitMs < attempt.remainingMs ? { waitMs } : { error };
}

function waitFor(seconds: number, attempt: Attempt): number {
  return Math.max(seconds * 1000, backoffMs(attempt.number));
}

/** 250 ms, 500 ms, …, each with up to half of it taken off at random. */
function backoffMs(attempt: number): number {
  return 250 * 2 ** (attempt - 1) * (0.5 + Math.random() / 2);
}

/** For how long a provider that is busy does not want to be called at all; `undefined` where it does not say. */
export function pauseAsked({ status, headers }: Pick<RawReply, 'status' | 'headers'>): number | undefined {
  return status === 429 || BUSY.has(status) ? retryAfterSeconds(headers) : undefined;
}

/** `Retry-After` in seconds from now, at most a day; `undefined` where it is absent or makes no sense. */
export function retryAfterSeconds(headers: Readonly<Record<string, string>>, now = Date.now()): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+(\.\d+)?$/.test(value)) return Math.min(Number(value), LONGEST_RETRY_AFTER);
  const until = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(until)) return undefined;
  // By the provider's own clock where it shows it: ours may differ by minutes.
  const theirNow = Date.parse(headers['date'] ?? '');
  return Math.min(Math.max(0, (until - (Number.isNaN(theirNow) ? now : theirNow)) / 1000), LONGEST_RETRY_AFTER);
}

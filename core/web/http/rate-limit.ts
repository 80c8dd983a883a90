import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import { tooManyRequests } from './errors.ts';
import { type RateCountStore, WINDOW_MS } from './rate-count-store.ts';

/** Requests a minute. */
export interface RateLimits {
  /** Sign-ins and set-ups per address. */
  readonly login: number;
  /** API calls per key, session or address. */
  readonly api: number;
  /** Refused webhook calls per address, plugin and key; accepted ones are not counted. */
  readonly webhooks: number;
}

export const RATE_LIMITS: RateLimits = { login: 60, api: 3000, webhooks: 1000 };

/** Where all hosts count together; without it each counts for itself. */
export type Counts = Pick<RateCountStore, 'of'> | undefined;

export function loginLimit(limits: RateLimits, counts?: Counts): RequestHandler {
  return limiter({ limit: limits.login, keyGenerator: (req) => addressOf(req), ...countedIn(counts, 'login') });
}

export function apiLimit(limits: RateLimits, counts?: Counts): RequestHandler {
  const keyGenerator = (req: Request) => keyOf(req.headers.authorization) ?? addressOf(req);
  return limiter({ limit: limits.api, keyGenerator, ...countedIn(counts, 'api') });
}

function countedIn(counts: Counts, name: string): Partial<Options> {
  return counts ? { store: counts.of(name) } : {};
}

function limiter(options: Partial<Options>): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    validate: false,
    ...options,
    handler: (req, _res, next) => {
      const { resetTime } = (req as Request & { rateLimit?: { resetTime?: Date } }).rateLimit ?? {};
      next(tooManyRequests(Math.ceil(((resetTime?.getTime() ?? 0) - Date.now()) / 1000)));
    },
  });
}

function addressOf(req: Request): string {
  return ipKeyGenerator(req.ip ?? '');
}

/** Of what looks like an API key only: under anything else somebody could begin anew with each call. */
function keyOf(authorization = ''): string | undefined {
  const [, key] = /^bearer +(pb_[\w-]{43})$/i.exec(authorization) ?? [];
  return key && createHash('sha256').update(key).digest('base64url');
}

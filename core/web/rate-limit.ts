import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, type Options, rateLimit } from 'express-rate-limit';
import { tooManyRequests } from './errors.ts';

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

export function loginLimit(limits: RateLimits): RequestHandler {
  return limiter({ limit: limits.login, keyGenerator: (req) => addressOf(req) });
}

export function apiLimit(limits: RateLimits): RequestHandler {
  return limiter({ limit: limits.api, keyGenerator: (req) => keyOf(req.headers.authorization) ?? addressOf(req) });
}

function limiter(options: Partial<Options>): RequestHandler {
  return rateLimit({
    windowMs: 60_000,
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

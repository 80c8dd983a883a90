import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { principalOf } from './guard.ts';
import { cookieName, isSecure } from './session.ts';

const LIFETIME_MS = 20 * 60_000;

/**
 * Who alone may finish the OAuth dance that begins now: this browser with the same person, or the person behind the API
 * key. A cookie of its own stands for the browser, not the session's id: a person whose session ended on the way logs in
 * under a new one and still comes back to what they began.
 */
export function oauthBinding(web: Web, req: Request, res: Response): string {
  const { kind, userId } = principalOf(req);
  if (kind === 'api-key') return byPerson(userId);
  const value = beganBy(web, req) === userId ? held(web, req) : `${randomBytes(24).toString('base64url')}.${userId}`;
  const secure = isSecure(web.config);
  res.cookie(nameOf(web), value, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: LIFETIME_MS });
  return value;
}

/** What the one who comes back proves themselves by. A browser that began nothing may finish what its person began by key. */
export function returnedBinding(web: Web, req: Request): string {
  const { kind, userId } = principalOf(req);
  return kind === 'session' && beganBy(web, req) ? held(web, req) : byPerson(userId);
}

/** Who last began a dance in this browser, where it remembers. */
export function beganBy(web: Web, req: Request): string | undefined {
  const [, userId] = /^[\w-]{32}\.([\w-]+)$/.exec(held(web, req)) ?? [];
  return userId;
}

function byPerson(userId: string): string {
  return `user:${userId}`;
}

function held(web: Web, req: Request): string {
  const value: unknown = (req.cookies as Record<string, unknown> | undefined)?.[nameOf(web)];
  return typeof value === 'string' ? value : '';
}

function nameOf({ config }: Web): string {
  return cookieName(config, 'consent');
}

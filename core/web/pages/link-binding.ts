import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { cookieName, isSecure } from '../http/session.ts';
import type { Web } from '../services.ts';

const LIFETIME_MS = 60 * 60_000;

/** What stands for this browser where a connect link is opened: a cookie of its own, made where there is none. */
export function linkBrowser(web: Web, req: Request, res: Response): string {
  const value = heldBrowser(web, req) ?? randomBytes(24).toString('base64url');
  const secure = isSecure(web.config);
  res.cookie(nameOf(web), value, { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: LIFETIME_MS });
  return value;
}

export function heldBrowser(web: Web, req: Request): string | undefined {
  const value: unknown = (req.cookies as Record<string, unknown> | undefined)?.[nameOf(web)];
  return typeof value === 'string' && /^[\w-]{32}$/.test(value) ? value : undefined;
}

function nameOf({ config }: Web): string {
  return cookieName(config, 'link');
}

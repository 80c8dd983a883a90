import { createHash } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';
import type { User } from '../access/accounts.ts';
import type { Config } from '../config.ts';
import type { Flash } from './view-models/pages.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** Of the user's password: a new password ends the session. */
    stamp: string;
    /** The store the pages are about. */
    storeId: string;
    flash: Flash;
    /** The language the person chose; empty where they never did. */
    locale: string;
    /** The integration that is being connected again by consent. */
    reconnecting: string;
    /** When the lifetime last began anew, in ms. */
    renewedAt: number;
  }
}

const DAY_MS = 86_400_000;
const LIFETIME_MS = 7 * DAY_MS;

/** Is the hub reached by https? What the operator says, and not the last hop, decides how cookies are marked. */
export function isSecure(config: Config): boolean {
  return config.publicUrl.startsWith('https://');
}

/** A `__Host-` cookie cannot be planted from a neighbouring subdomain; browsers take it by https only. */
export function cookieName(config: Config, name: string): string {
  return isSecure(config) ? `__Host-${name}` : name;
}

export function sessions(config: Config, store: Store): RequestHandler {
  const secure = isSecure(config);
  const handler = session({
    store,
    secret: config.sessionSecret,
    name: cookieName(config, 'sid'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: LIFETIME_MS },
  });
  return (req, res, next) => {
    // express-session sends a secure cookie only where it believes the hop in front; PUBLIC_URL knows better.
    if (secure) Object.defineProperty(req, 'secure', { value: true, configurable: true });
    handler(req, res, (error?: unknown) => {
      if (error) return next(error);
      renew(req);
      next();
    });
  };
}

/** At most one write a day keeps a session in use alive. */
function renew(req: Request): void {
  const { userId, renewedAt = 0 } = req.session ?? {};
  if (!userId || Date.now() - renewedAt < DAY_MS) return;
  req.session.renewedAt = Date.now();
  req.session.touch();
}

/** Under a new id, so that one known before is worth nothing. */
export async function startSession(req: Request, user: User, storeId?: string): Promise<void> {
  await new Promise<void>((resolve, reject) => req.session.regenerate((error?: unknown) => (error ? reject(error) : resolve())));
  req.session.userId = user.id;
  req.session.stamp = user.stamp;
  req.session.renewedAt = Date.now();
  if (storeId) req.session.storeId = storeId;
  await saveSession(req);
}

/** Before a redirect that needs what was changed: a browser follows it as soon as it sees its first bytes. */
export function saveSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => req.session.save((error?: unknown) => (error ? reject(error) : resolve())));
}

export function endSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => req.session.destroy((error?: unknown) => (error ? reject(error) : resolve())));
}

/** Names the session where the id itself must not be written down. */
export function sessionIdHash(req: Request): string {
  return createHash('sha256').update(req.sessionID).digest('base64url');
}

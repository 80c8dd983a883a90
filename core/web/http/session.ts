import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import session, { type Store } from 'express-session';
import type { User } from '../../access/accounts.ts';
import { sessionName } from '../../access/session-list-store.ts';
import type { Config } from '../../config.ts';
import type { Flash } from '../view-models/pages.ts';

declare module 'express-session' {
  interface SessionData {
    userId: string;
    /** Of the user: another one there ends the session. */
    stamp: string;
    /** Who has given the right password, and owes the code. */
    proving: { readonly userId: string; readonly stamp: string; readonly next: string; readonly until: number };
    /** The store the pages are about. */
    storeId: string;
    flash: Flash;
    /** The integration that is being connected again by consent. */
    reconnecting: string;
    /** When it began, in ms. */
    startedAt: number;
    /** When the lifetime last began anew, in ms. */
    renewedAt: number;
    /** Where it was begun, for the list a person sees of their own. */
    ip: string;
    agent: string;
  }
}

const RENEW_MS = 10 * 60_000;
const HOUR_MS = 3_600_000;

/** Is the hub reached by https? What the operator says, and not the last hop, decides how cookies are marked. */
export function isSecure(config: Config): boolean {
  return config.publicUrl.startsWith('https://');
}

/** The first signs, all verify: what was signed before a new key came first, or by a host that has it, still holds. */
export function signingSecrets({ sessionSecret, formerSessionSecrets }: Config): string[] {
  return [sessionSecret, ...formerSessionSecrets];
}

/** A `__Host-` cookie cannot be planted from a neighbouring subdomain; browsers take it by https only. */
export function cookieName(config: Config, name: string): string {
  return isSecure(config) ? `__Host-${name}` : name;
}

export function sessions(config: Config, store: Store): RequestHandler {
  const secure = isSecure(config);
  const { idleHours, hours } = config.sessions;
  const handler = session({
    store,
    secret: signingSecrets(config),
    name: cookieName(config, 'sid'),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: 'lax', secure, path: '/', maxAge: Math.min(idleHours, hours) * HOUR_MS },
  });
  return (req, res, next) => {
    // express-session sends a secure cookie only where it believes the hop in front; PUBLIC_URL knows better.
    if (secure) Object.defineProperty(req, 'secure', { value: true, configurable: true });
    handler(req, res, (error?: unknown) => {
      if (error) return next(error);
      renew(req, config).then(() => next(), next);
    });
  };
}

/**
 * Use keeps a session alive, up to its longest; a page that reads itself in the background is no use. Saved here and not at the
 * end of the answer, which may go on for a day and would write back what others have changed meanwhile.
 */
async function renew(req: Request, { sessions: { idleHours, hours } }: Config): Promise<void> {
  const { userId, startedAt = Date.now(), renewedAt = 0 } = req.session ?? {};
  if (!userId || req.get('x-live') || Date.now() - renewedAt < RENEW_MS) return;
  const left = startedAt + hours * HOUR_MS - Date.now();
  req.session.startedAt = startedAt;
  req.session.renewedAt = Date.now();
  req.session.cookie.maxAge = Math.max(0, Math.min(idleHours * HOUR_MS, left));
  await saveSession(req);
}

/** Under a new id, so that one known before is worth nothing. */
export async function startSession(req: Request, user: User, storeId?: string): Promise<void> {
  await newId(req);
  const { session } = req;
  session.userId = user.id;
  session.stamp = user.stamp;
  session.startedAt = Date.now();
  session.renewedAt = Date.now();
  session.ip = req.ip ?? '';
  session.agent = (req.get('user-agent') ?? '').slice(0, 300);
  if (storeId) session.storeId = storeId;
  await saveSession(req);
}

/** Nobody is signed in yet: the password was right, and a code is owed within ten minutes. */
export async function startProving(req: Request, user: User, next: string): Promise<void> {
  await newId(req);
  req.session.proving = { userId: user.id, stamp: user.stamp, next, until: Date.now() + 10 * 60_000 };
  req.session.cookie.maxAge = 10 * 60_000;
  await saveSession(req);
}

function newId(req: Request): Promise<void> {
  return new Promise((resolve, reject) => req.session.regenerate((error?: unknown) => (error ? reject(error) : resolve())));
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
  return sessionName(req.sessionID);
}

const DEVICE_MS = 365 * 24 * HOUR_MS;

/**
 * The name of a browser this address has signed in with before, from a signed cookie (OWASP's device cookie); undefined for one
 * it has not. @see LoginThrottle
 */
export function knownDevice(config: Config, req: Request, email: string): string | undefined {
  const [nonce = '', given = ''] = String((req.cookies as Record<string, unknown>)?.[cookieName(config, 'device')] ?? '').split(
    '.',
  );
  const proof = Buffer.from(given);
  const proves = (secret: string) => {
    const expected = Buffer.from(deviceProof(secret, email, nonce));
    return proof.length === expected.length && timingSafeEqual(proof, expected);
  };
  return nonce !== '' && signingSecrets(config).some(proves) ? nonce : undefined;
}

/** Lets this browser be known as one of the address. */
export function rememberDevice(config: Config, req: Request, email: string): void {
  const nonce = randomBytes(16).toString('base64url');
  const value = `${nonce}.${deviceProof(config.sessionSecret, email, nonce)}`;
  const options = { httpOnly: true, sameSite: 'lax', secure: isSecure(config), path: '/', maxAge: DEVICE_MS } as const;
  req.res?.cookie(cookieName(config, 'device'), value, options);
}

function deviceProof(secret: string, email: string, nonce: string): string {
  const key = createHmac('sha256', secret).update('device').digest();
  return createHmac('sha256', key).update(`${email.trim().toLowerCase()}\n${nonce}`).digest('base64url');
}

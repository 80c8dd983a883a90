import type { Request } from 'express';
import { type Principal, SCOPES } from '../../access/principal.ts';
import type { Need, StoreView } from '../../access/stores.ts';
import { Rejected } from '../../sdk/errors.ts';
import type { Web } from '../services.ts';
import { attemptOf } from './attempts.ts';
import { notSignedIn } from './errors.ts';
import { isApi } from './request.ts';
import { sessionIdHash } from './session.ts';

const principals = new WeakMap<Request, Principal>();
const owing = new WeakSet<Request>();

/** Who is calling. @throws Rejected (401) on a route that anyone may call, when nobody is signed in */
export function principalOf(req: Request): Principal {
  const principal = principals.get(req);
  if (!principal) throw notSignedIn('Sign in first.');
  return principal;
}

/** The same without insisting. */
export function knownPrincipal(req: Request): Principal | undefined {
  return principals.get(req);
}

/**
 * Finds out who is calling: an `Authorization` header alone decides where there is one (API only), else the session.
 * @throws Rejected (401) for a key that is not ours
 */
export async function identify(web: Web, req: Request): Promise<Principal | undefined> {
  const principal = usesHeader(req) ? await byKey(web, req.headers.authorization ?? '') : await bySession(web, req);
  if (principal) principals.set(req, principal);
  return principal;
}

/**
 * For the call that makes the first key: by `Basic` email and password where nobody is known yet.
 * @throws Rejected (401)
 */
export async function identifyByPassword(web: Web, req: Request): Promise<void> {
  if (principals.has(req)) return;
  const given = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (!given) throw notSignedIn('Send your email and password as Basic authorization.', 'Basic');
  const [email = '', password = ''] = Buffer.from(given, 'base64').toString('utf8').split(/:(.*)/s);
  const user = await web.throttle.guard(attemptOf(web, req, email), () => web.accounts.verifyPassword(email, password));
  if (!user) throw notSignedIn('Email or password is not right.', 'Basic');
  if (user.secondFactor || isFactorRequired(web, user)) throw asksForMore(web);
  principals.set(req, { kind: 'session', userId: user.id, email: user.email, operator: user.operator, scopes: SCOPES });
}

/** Must whoever is signed in turn a second factor on before anything else? */
export function owesSecondFactor(req: Request): boolean {
  return owing.has(req);
}

/** Does this call prove itself by header? Then no session is read and no CSRF token needed. */
export function usesHeader(req: Request): boolean {
  return isApi(req) && req.headers.authorization !== undefined;
}

/** The store named in the path, by id or slug. @see Stores.resolve */
export function requireStore(web: Web, req: Request, need: Need): Promise<StoreView> {
  return web.stores.resolve(principalOf(req), String(req.params['store']), need);
}

/** @throws Rejected (`FORBIDDEN`) for anyone but the hub's administrator */
export function requireOperator(req: Request): Principal {
  const principal = principalOf(req);
  if (principal.operator && principal.scopes.includes('admin')) return principal;
  throw new Rejected('Only an administrator of this hub may do this.', { code: 'FORBIDDEN' });
}

async function byKey(web: Web, header: string): Promise<Principal | undefined> {
  const [, scheme = '', token = ''] = /^(\S+) +(\S+)$/.exec(header) ?? [];
  // Only the call that makes an API key takes a password; it looks at the header again.
  if (scheme.toLowerCase() === 'basic') return undefined;
  const principal = scheme.toLowerCase() === 'bearer' ? await web.apiKeys.verify(token) : undefined;
  if (principal) return principal;
  throw notSignedIn('This API key is not valid; make a new one and send it as "Authorization: Bearer <key>".');
}

async function bySession(web: Web, req: Request): Promise<Principal | undefined> {
  const { userId, stamp } = req.session ?? {};
  const user = userId ? await web.accounts.find(userId) : undefined;
  if (!user || user.stamp !== stamp) return undefined;
  const { id, email, operator } = user;
  if (!user.secondFactor && isFactorRequired(web, user)) owing.add(req);
  const sessionId = sessionIdHash(req);
  return { kind: 'session', userId: id, email, operator, sessionId, scopes: SCOPES };
}

function isFactorRequired({ config: { requireSecondFactor } }: Web, { operator }: { operator: boolean }): boolean {
  return requireSecondFactor === 'everybody' || (requireSecondFactor === 'operators' && operator);
}

/** A password alone would walk around the second factor. */
function asksForMore({ config }: Web): Rejected {
  return new Rejected(`Email and password are not enough for this login; make the key on ${config.publicUrl}/keys instead.`, {
    code: 'FORBIDDEN',
  });
}

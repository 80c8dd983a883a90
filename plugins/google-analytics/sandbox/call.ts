import type { Raw, SandboxRequest, SandboxResponse } from 'patchbay';
import { bearerOf, type Operation, type TokenStore } from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import { type DemoProperty, HOSTS, type Login, loginOf, SCOPES } from './demo.ts';
import type { Quotas } from './quota.ts';
import type { World } from './world.ts';

/** What a route works with, once token and scope have been checked. */
export interface Call {
  readonly req: SandboxRequest;
  readonly login: Login;
  readonly params: readonly string[];
  readonly body: Raw;
  readonly world: World;
  readonly quotas: Quotas;
  /** Milliseconds. */
  readonly now: number;
}

export interface Route extends Operation {
  readonly host: string;
  /** One of these is enough. */
  readonly scopes: readonly string[];
  run(call: Call): SandboxResponse;
}

export const READ = [SCOPES.read, SCOPES.edit];
export const EDIT = [SCOPES.edit];

const SERVICES: Readonly<Record<string, string>> = {
  [HOSTS.admin]: 'Google Analytics Admin API',
  [HOSTS.data]: 'Google Analytics Data API',
};

/** The person whose token this is. */
export function signedIn(
  req: SandboxRequest,
  given: { tokens: TokenStore; now: number },
): { login: Login; scopes: readonly string[] } {
  const token = bearerOf(req);
  const grant = token ? given.tokens.grantOf(token, given.now) : undefined;
  const login = loginOf(grant?.subject);
  if (grant && login) return { login, scopes: grant.scopes };
  throw new Refusal(
    401,
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
    token ? { reason: 'ACCESS_TOKEN_EXPIRED' } : { reason: 'CREDENTIALS_MISSING' },
  );
}

/** First whether the API is on in the app's project, then whether the token may use it. */
export function checkAccess(route: Route, given: { scopes: readonly string[]; disabled: readonly string[] }): void {
  if (given.disabled.includes(route.host)) {
    throw new Refusal(
      403,
      `${SERVICES[route.host]} has not been used in project 407408718192 before or it is disabled. Enable it by visiting https://console.developers.google.com/apis/api/${route.host}/overview?project=407408718192 then retry.`,
      { reason: 'SERVICE_DISABLED', service: route.host },
    );
  }
  if (!route.scopes.some((scope) => given.scopes.includes(scope))) {
    throw new Refusal(403, 'Request had insufficient authentication scopes.', {
      reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
      service: route.host,
    });
  }
}

/** The property a call names; what one may not see does not exist for one, nor differs from what is not there. */
export function propertyIn(call: Call, id: string | undefined): DemoProperty {
  const seen = call.login.accounts.flatMap(({ properties }) => properties).find((property) => property.id === id);
  if (seen && !call.world.state.closed.includes(seen.id)) return seen;
  throw new Refusal(
    403,
    'User does not have sufficient permissions for this property. To learn more about Property ID, see https://developers.google.com/analytics/devguides/reporting/data/v1/property-id.',
  );
}

/** One page of a list of the Admin API. */
export function pageOf<T>(call: Call, all: readonly T[]): { page: readonly T[]; nextPageToken?: string } {
  const size = Math.min(Number(call.req.query.get('pageSize') ?? 50) || 50, 200);
  const token = call.req.query.get('pageToken');
  const from = token ? Number(Buffer.from(token, 'base64url').toString()) : 0;
  if (!Number.isInteger(from) || from < 0) throw new Refusal(400, 'The page token is invalid.');
  const next = from + size;
  return {
    page: all.slice(from, next),
    ...(next < all.length && { nextPageToken: Buffer.from(String(next)).toString('base64url') }),
  };
}

import type { SandboxRequest } from 'patchbay';
import { bearerOf, type TokenStore } from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import { PLACES } from './demo.ts';

/** The published ones; established paths take them all. */
const VERSIONS = ['2021-04-15', '2021-07-28', '2023-02-21', 'v3'];
const LIMIT = 100;
const INTERVAL_MS = 10_000;
const DAILY = 200_000;

export interface Bearer {
  readonly location: string;
  /** `all` for a private token. */
  readonly scopes: readonly string[] | 'all';
}

/** Version first, then the token: a call without either hears of the version only. */
export function checkVersion(req: SandboxRequest): void {
  const version = req.headers['version'];
  if (!version) throw bare(401, 'version header was not found.');
  if (!VERSIONS.includes(version)) throw bare(401, 'version header is invalid');
}

export function signedIn(req: SandboxRequest, tokens: TokenStore, now: number): Bearer {
  const token = bearerOf(req);
  if (!token) throw new Refusal(401, 'No Authorization header found for authentication!');
  if (token.startsWith('pit-')) {
    const place = PLACES.find((one) => one.token === token);
    if (!place) throw new Refusal(401, 'Invalid Private Integration token');
    return { location: place.id, scopes: 'all' };
  }
  const grant = tokens.grantOf(token, now);
  if (!grant) throw new Refusal(401, 'Invalid token: access token is invalid');
  return { location: grant.subject, scopes: grant.scopes };
}

export function checkScope(bearer: Bearer, scope: string): void {
  if (bearer.scopes !== 'all' && !bearer.scopes.includes(scope)) {
    throw new Refusal(401, 'The token is not authorized for this scope.');
  }
}

/** 100 calls in ten seconds and 200,000 a day for each location, told in the headers the provider uses. */
export class Rates {
  readonly #windows = new Map<string, { from: number; used: number; day: number; daily: number }>();

  /** Headers of the answer, and whether the call is over the limit. */
  take(location: string, now: number): { headers: Record<string, string>; over: boolean } {
    const day = Math.floor(now / 86_400_000);
    const before = this.#windows.get(location);
    const fresh = !before || now - before.from >= INTERVAL_MS;
    const window = {
      from: fresh ? now : before.from,
      used: (fresh ? 0 : before.used) + 1,
      day,
      daily: (before?.day === day ? before.daily : 0) + 1,
    };
    this.#windows.set(location, window);
    return {
      over: window.used > LIMIT || window.daily > DAILY,
      headers: rateHeaders(window),
    };
  }
}

/** What is left of ten seconds and of a day. */
export function rateHeaders({ used, daily }: { readonly used: number; readonly daily: number }): Record<string, string> {
  return {
    'x-ratelimit-limit-daily': String(DAILY),
    'x-ratelimit-daily-remaining': String(Math.max(0, DAILY - daily)),
    'x-ratelimit-interval-milliseconds': String(INTERVAL_MS),
    'x-ratelimit-max': String(LIMIT),
    'x-ratelimit-remaining': String(Math.max(0, LIMIT - used)),
  };
}

/** Used up: the calls of ten seconds, or of a day as well. */
export const USED_UP = {
  interval: rateHeaders({ used: LIMIT, daily: LIMIT }),
  day: rateHeaders({ used: LIMIT, daily: DAILY }),
} as const;

/** These two come without `error`. */
function bare(status: number, message: string): Refusal {
  const refusal = new Refusal(status, message);
  return Object.assign(refusal, { response: { status, body: { statusCode: status, message } } });
}

import type { SandboxRequest } from 'patchbay';
import { bearerOf } from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import { KEYS, type Key } from './demo.ts';

/** 25 calls a second outside live mode (docs.stripe.com/rate-limits). */
const CALLS_PER_SECOND = 25;

/** Keys made or ended since the first day. */
export interface KeyState {
  readonly made: Key[];
  /** Rolled away: expired. */
  readonly expired: string[];
}

/** The key of a call: Bearer, or Basic with the key as the user. */
export function keyOf(req: SandboxRequest, state: KeyState): Key {
  const header = req.headers['authorization'] ?? '';
  const basic = /^Basic (.+)$/i.exec(header)?.[1];
  const given = basic ? Buffer.from(basic, 'base64').toString().split(':')[0] : bearerOf(req);
  if (!given) {
    throw new Refusal(
      401,
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details.",
    );
  }
  if (given.startsWith('pk_')) {
    throw new Refusal(403, 'This API call cannot be made with a publishable API key. Please use a secret API key.', {
      code: 'secret_key_required',
    });
  }
  if (state.expired.includes(given)) {
    throw new Refusal(401, `Expired API Key provided: ${masked(given)}`, { code: 'api_key_expired' });
  }
  const key = [...KEYS, ...state.made].find((one) => one.key === given);
  if (!key) throw new Refusal(401, `Invalid API Key provided: ${masked(given)}`);
  return key;
}

/** The first letters and the last four: as the provider shows keys in its messages. */
export function masked(key: string): string {
  const start = /^[a-z]+_(live|test)_/.exec(key)?.[0] ?? '';
  return `${start}${'*'.repeat(Math.max(key.length - start.length - 4, 4))}${key.slice(-4)}`;
}

/** The right to write is one to read as well. `undefined` is a right no restricted key can have. */
export function checkRight({ key, rights }: Key, account: string, right: string | undefined): void {
  if (rights === 'all') return;
  const start = `The provided key '${masked(key)}' does not have the required permissions for this endpoint on account '${account}'.`;
  if (right === undefined) {
    throw new Refusal(
      403,
      `${start} This is a restricted API key, but the required permissions are not available for use by restricted keys.`,
    );
  }
  if (rights.includes(right) || rights.includes(right.replace(/_read$/, '_write'))) return;
  throw new Refusal(403, `${start} Having the 'rak_${right}' permission would allow this request to continue.`);
}

/** Off until a person turns it on. */
export class Throttle {
  on = false;
  readonly #windows = new Map<string, { second: number; calls: number }>();

  check(slug: string, nowMs: number): void {
    if (!this.on) return;
    const second = Math.floor(nowMs / 1000);
    const before = this.#windows.get(slug);
    const calls = (before?.second === second ? before.calls : 0) + 1;
    this.#windows.set(slug, { second, calls });
    if (calls <= CALLS_PER_SECOND) return;
    throw new Refusal(
      429,
      'Testmode request rate limit exceeded, the rate limits in testmode are lower than livemode. You can learn more about rate limits here https://stripe.com/docs/rate-limits.',
      {
        code: 'rate_limit',
        headers: { 'stripe-rate-limited-reason': 'global-rate', 'stripe-should-retry': 'true' },
      },
    );
  }
}

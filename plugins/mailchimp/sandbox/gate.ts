import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { hashOf, type TokenStore } from 'patchbay/simulator';
import { ACCOUNTS, accountOf, type DemoAccount } from './demo.ts';
import { refusals } from './problems.ts';

const MOST_AT_ONCE = 10;

/** What opens the accounts. */
export interface Access {
  readonly tokens: TokenStore;
  readonly keys: Keys;
  /** Milliseconds. */
  readonly now: number;
}

/** API keys that were disabled; only their hashes are kept. */
export class Keys {
  readonly #disabled: Set<string>;
  readonly #changed: () => void;

  constructor(disabled: readonly string[] = [], changed: () => void = () => undefined) {
    this.#disabled = new Set(disabled);
    this.#changed = changed;
  }

  get disabled(): readonly string[] {
    return [...this.#disabled];
  }

  isDisabled(key: string): boolean {
    return this.#disabled.has(hashOf(key));
  }

  set(key: string, enabled: boolean): void {
    if (enabled) this.#disabled.delete(hashOf(key));
    else this.#disabled.add(hashOf(key));
    this.#changed();
  }
}

/** Whose account a call is for. A wrong key and a wrong data centre are answered alike. */
export function ownerOf(req: SandboxRequest, access: Access): DemoAccount {
  const secret = secretIn(req.headers['authorization'] ?? '');
  const account = secret?.includes('-') ? byKey(secret, access.keys) : byToken(secret, access);
  if (!account || req.host !== `${account.dc}.api.mailchimp.com`) throw refusals.key();
  return account;
}

/** `Bearer <token or key>`, or Basic with any user name and the key as password. */
function secretIn(header: string): string | undefined {
  const bearer = /^Bearer (\S+)$/i.exec(header)?.[1];
  const basic = /^Basic (\S+)$/i.exec(header)?.[1];
  return (
    bearer ??
    (basic &&
      Buffer.from(basic, 'base64')
        .toString()
        .replace(/^[^:]*:/, ''))
  );
}

function byToken(token: string | undefined, { tokens, now }: Access): DemoAccount | undefined {
  return accountOf(token && tokens.grantOf(token, now)?.subject);
}

function byKey(key: string, keys: Keys): DemoAccount | undefined {
  return keys.isDisabled(key) ? undefined : ACCOUNTS.find(({ apiKey }) => apiKey === key);
}

/** The account a token belongs to, and its data centre. Its scheme is not that of the API. */
export function metadata(req: SandboxRequest, access: Access): SandboxResponse {
  const token = /^OAuth (\S+)$/.exec(req.headers['authorization'] ?? '')?.[1];
  const account = byToken(token, access);
  if (!account)
    return { status: 401, body: { error: 'invalid_token', error_description: 'The token is unknown or was revoked.' } };
  return {
    status: 200,
    body: {
      dc: account.dc,
      role: 'owner',
      accountname: account.name,
      user_id: Number.parseInt(account.id.slice(0, 6), 16),
      login: { email: account.owner, login_email: account.owner, login_name: account.owner },
      login_url: 'https://login.mailchimp.com',
      api_endpoint: `https://${account.dc}.api.mailchimp.com`,
    },
  };
}

/** Ten calls at the same time are the limit of an account. */
export class Concurrency {
  #running = 0;

  /** The call asking is one of them. */
  get isOver(): boolean {
    return this.#running > MOST_AT_ONCE;
  }

  async during<T>(work: () => T | Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await work();
    } finally {
      this.#running -= 1;
    }
  }
}

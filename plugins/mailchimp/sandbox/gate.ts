import type { SandboxRequest, SandboxResponse } from 'patchbay';
import { ACCOUNTS, accountOf, type DemoAccount } from './demo.ts';
import { refusals } from './problems.ts';
import type { Tokens } from './tokens.ts';

const MOST_AT_ONCE = 10;

/** Whose account a call is for. A wrong key and a wrong data centre are answered alike. */
export function ownerOf(req: SandboxRequest, tokens: Tokens): DemoAccount {
  const secret = secretIn(req.headers['authorization'] ?? '');
  const account = secret?.includes('-') ? byKey(secret, tokens) : accountOf(secret && tokens.accountOf(secret));
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

function byKey(key: string, tokens: Tokens): DemoAccount | undefined {
  return tokens.isDisabled(key) ? undefined : ACCOUNTS.find(({ apiKey }) => apiKey === key);
}

/** The account a token belongs to, and its data centre. Its scheme is not that of the API. */
export function metadata(req: SandboxRequest, tokens: Tokens): SandboxResponse {
  const token = /^OAuth (\S+)$/.exec(req.headers['authorization'] ?? '')?.[1];
  const account = accountOf(token && tokens.accountOf(token));
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

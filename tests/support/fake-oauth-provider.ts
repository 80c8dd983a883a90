import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FakeAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  /** Of the query and of the form. */
  readonly params: Readonly<Record<string, string>>;
}

interface Code {
  readonly account: string;
  readonly challenge: string | undefined;
  readonly redirectUri: string;
  readonly scope: string;
}

export const CLIENT = { clientId: 'acme-client', clientSecret: 'acme client & secret' };

/**
 * A provider on loopback with two hosts (`api.acme.test`, `auth.acme.test`): keys, authorization code with PKCE, refresh
 * tokens that work once. Tests set what it does wrong.
 */
export class FakeOAuthProvider {
  readonly accounts = new Map([
    ['acc-1', { name: 'Blue Fitness', contacts: 3412 }],
    ['acc-2', { name: 'Red Bakery', contacts: 7 }],
  ]);
  /** Key or access token → account. */
  readonly access = new Map([
    ['key-acc-1-0123456789', 'acc-1'],
    ['key-acc-2-0123456789', 'acc-2'],
  ]);
  /** Refresh token → account; used up by its first use. */
  readonly refresh = new Map<string, string>();
  readonly seen: FakeRequest[] = [];
  readonly #codes = new Map<string, Code>();
  /** Requests of a refresh grant, also refused ones. */
  refreshes = 0;
  expiresIn: number | undefined = 3600;
  /** Answers instead of the token endpoint. */
  onToken: ((params: Readonly<Record<string, string>>) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>) | undefined;
  /** Answers instead of the API. */
  onApi: ((path: string) => FakeAnswer | undefined | Promise<FakeAnswer | undefined>) | undefined;
  readonly #server = createServer((req, res) => {
    this.#handle(req, res).catch(() => res.destroy());
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** As `EGRESS_MAP` would hold it. */
  get map(): ReadonlyMap<string, string> {
    const base = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
    return new Map([
      ['api.acme.test', `${base}/api`],
      ['auth.acme.test', `${base}/auth`],
    ]);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** What the browser brings back when the person allows it. */
  allow(authorizeUrl: string, { account = 'acc-1', scope }: { account?: string; scope?: string } = {}): Record<string, string> {
    const { searchParams } = new URL(authorizeUrl);
    const code = randomBytes(12).toString('hex');
    this.#codes.set(code, {
      account,
      challenge: searchParams.get('code_challenge') ?? undefined,
      redirectUri: searchParams.get('redirect_uri') ?? '',
      scope: scope ?? searchParams.get('scope') ?? '',
    });
    return { code, state: searchParams.get('state') ?? '' };
  }

  async #handle(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const form = new URLSearchParams(Buffer.concat(chunks).toString());
    const { pathname: path, searchParams } = new URL(req.url ?? '', 'https://acme.test');
    const params = Object.fromEntries([...searchParams, ...form]);
    const { method = '', headers } = req;
    const { authorization } = headers;
    this.seen.push({ method, path, authorization, headers, params });
    const answer = path.startsWith('/auth/') ? await this.#token(params, authorization) : await this.#api(path, authorization);
    res.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
    res.end(JSON.stringify(answer.body));
  }

  async #api(path: string, authorization: string | undefined): Promise<FakeAnswer> {
    const special = await this.onApi?.(path);
    if (special) return special;
    const id = this.access.get(authorization?.replace(/^Bearer /, '') ?? '');
    const account = id === undefined ? undefined : this.accounts.get(id);
    if (!id || !account) return { status: 401, body: { message: 'The key is not known' } };
    if (path === '/api/v1/me') return { status: 200, body: { id, name: account.name } };
    if (path === '/api/v1/count') return { status: 200, body: { contacts: account.contacts } };
    return { status: 404, body: { message: 'No such thing' } };
  }

  async #token(params: Readonly<Record<string, string>>, authorization: string | undefined): Promise<FakeAnswer> {
    if (params['grant_type'] === 'refresh_token') this.refreshes += 1;
    const special = await this.onToken?.(params);
    if (special) return special;
    const basic = `Basic ${Buffer.from(`${CLIENT.clientId}:${encodeURIComponent(CLIENT.clientSecret)}`).toString('base64')}`;
    const inBody = params['client_id'] === CLIENT.clientId && params['client_secret'] === CLIENT.clientSecret;
    if (!inBody && authorization !== basic) return { status: 401, body: { error: 'invalid_client' } };
    return params['grant_type'] === 'refresh_token' ? this.#refreshGrant(params) : this.#codeGrant(params);
  }

  #codeGrant(params: Readonly<Record<string, string>>): FakeAnswer {
    const code = this.#codes.get(params['code'] ?? '');
    this.#codes.delete(params['code'] ?? '');
    const verifier = createHash('sha256')
      .update(params['code_verifier'] ?? '')
      .digest('base64url');
    const good = code && code.redirectUri === params['redirect_uri'] && (!code.challenge || code.challenge === verifier);
    if (!good) return { status: 400, body: { error: 'invalid_grant', error_description: 'The code is not valid.' } };
    return this.#pair(code.account, code.scope);
  }

  #refreshGrant(params: Readonly<Record<string, string>>): FakeAnswer {
    const account = this.refresh.get(params['refresh_token'] ?? '');
    this.refresh.delete(params['refresh_token'] ?? '');
    if (!account) return { status: 400, body: { error: 'invalid_grant', error_description: 'The refresh token was used.' } };
    return this.#pair(account);
  }

  #pair(account: string, scope?: string): FakeAnswer {
    const [access, refresh] = [`at-${randomBytes(12).toString('hex')}`, `rt-${randomBytes(12).toString('hex')}`];
    this.access.set(access, account);
    this.refresh.set(refresh, account);
    return {
      status: 200,
      body: {
        access_token: access,
        refresh_token: refresh,
        token_type: 'Bearer',
        account_id: account,
        ...(scope !== undefined && { scope }),
        ...(this.expiresIn !== undefined && { expires_in: this.expiresIn }),
      },
    };
  }
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TokenStore } from '../../core/sdk/simulator/index.ts';
import { json } from './paged-provider.ts';

/** A request for a new pair, by the hub that has this port. */
export interface RefreshCall {
  readonly port: number;
  /** Sends the pair, which is made already; it may be kept back. */
  readonly answer: () => void;
}

const ACCESS_SECONDS = 3600;

/** A provider of one account that rotates refresh tokens and takes one that is shown again for theft, after a grace. */
export class RotatingProvider {
  /** Requests for a new pair, and those that showed a token that was not good any more. */
  readonly counts = { refreshes: 0, refused: 0 };
  /** So long after a renewal the token it ended is still good, if its answer was lost; 0: never. */
  graceSeconds: number;
  /** Told of each request once the pair is made and before it is sent. */
  onRefresh: ((call: RefreshCall) => void) | undefined;
  readonly #tokens: TokenStore;
  readonly #server = createServer((req, res) => {
    this.#answer(req, res).catch(() => res.destroy());
  });

  constructor(graceSeconds: number) {
    this.graceSeconds = graceSeconds;
    const grace = () => this.graceSeconds;
    this.#tokens = new TokenStore([], {
      accessSeconds: ACCESS_SECONDS,
      rotates: true,
      get graceSeconds() {
        return grace();
      },
      changed: () => undefined,
    });
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  /** What a hub is told to reach it by: each by a path of its own. */
  map(port: number): Readonly<Record<string, string>> {
    return { 'api.rotating.example': `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${port}` };
  }

  /** Ends every access token there is. */
  expire(): void {
    this.#tokens.expire();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const [, port, path = ''] = new URL(req.url ?? '/', 'http://rotating').pathname.split('/');
    if (path === 'token') return this.#token(new URLSearchParams(Buffer.concat(chunks).toString()), Number(port), res);
    const grant = this.#tokens.grantOf(req.headers.authorization?.replace('Bearer ', '') ?? '', Date.now());
    json(res, grant ? 200 : 401, { id: grant?.subject });
  }

  #token(form: URLSearchParams, port: number, res: ServerResponse): void {
    const refreshes = form.get('grant_type') === 'refresh_token';
    const issued = refreshes
      ? this.#tokens.renew(form.get('refresh_token') ?? '', Date.now())
      : this.#tokens.open({ subject: 'acc', scopes: [], refreshable: true }, Date.now());
    const answer = () => {
      if (typeof issued === 'string') return json(res, 400, { error: 'invalid_grant', error_description: 'The token was used.' });
      const { accessToken, refreshToken } = issued;
      return json(res, 200, { access_token: accessToken, refresh_token: refreshToken, expires_in: ACCESS_SECONDS });
    };
    if (!refreshes) return void answer();
    this.counts.refreshes += 1;
    if (typeof issued === 'string') this.counts.refused += 1;
    if (this.onRefresh && typeof issued !== 'string') this.onRefresh({ port, answer });
    else answer();
  }
}

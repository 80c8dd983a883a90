import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from '../paged-provider.ts';
import { tokenOf } from '../sealed-credentials.ts';

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
}

/**
 * A provider of as many accounts as there are connections: whose a token is, it begins with. A refresh token is good once, so
 * that a pair which is lost ends its connection.
 */
export class KeysProvider {
  /** Pairs made anew. */
  renewals = 0;
  /** Every token it was shown. */
  readonly shown = new Set<string>();
  /** Connection → the pair that is good; the first one of each was given before this provider began. */
  readonly #good = new Map<string, Pair>();
  readonly #ended = new Set<string>();
  readonly #server = createServer((req, res) => {
    this.#answer(req, res).catch(() => res.destroy());
  });

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get map(): Readonly<Record<string, string>> {
    return { 'api.acme.example': `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}` };
  }

  /** Takes the access token of this connection for expired from now on. */
  expire(id: string): void {
    this.#ended.add(this.pairOf(id).accessToken);
  }

  pairOf(id: string): Pair {
    return this.#good.get(id) ?? { accessToken: `${tokenOf(id)}0`, refreshToken: `refresh-${id}` };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<true> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    if (req.url === '/token') return this.#renew(new URLSearchParams(Buffer.concat(chunks).toString()), res);
    const token = req.headers.authorization?.replace('Bearer ', '') ?? '';
    const [, id] = /^token-of-([\da-f-]{36})-/.exec(token) ?? [];
    this.shown.add(token);
    return id && !this.#ended.has(token) ? json(res, 200, { id }) : json(res, 401, {});
  }

  #renew(form: URLSearchParams, res: ServerResponse): true {
    const shown = form.get('refresh_token') ?? '';
    const [, id = ''] = /^refresh-([\da-f-]{36})/.exec(shown) ?? [];
    if (shown !== this.pairOf(id).refreshToken)
      return json(res, 400, { error: 'invalid_grant', error_description: 'The token was used.' });
    this.renewals += 1;
    const pair = { accessToken: `${tokenOf(id)}${this.renewals}`, refreshToken: `refresh-${id}-${this.renewals}` };
    this.#good.set(id, pair);
    return json(res, 200, { access_token: pair.accessToken, refresh_token: pair.refreshToken, expires_in: 9000 });
  }
}

import { Agent, type Dispatcher, request } from 'undici';
import { measure } from '../measure.ts';
import { hubError, PluginFault, Rejected } from '../sdk/errors.ts';
import { decodeBody } from './body.ts';
import { Guard } from './guard.ts';
import type { EgressRoutes } from './routes.ts';

/** One exchange over the wire: no retry, no redirect. `url` is the provider's own, before any mapping. */
export interface Exchange {
  /** Whose it is: where it really goes may depend on it. */
  readonly plugin: string;
  readonly url: URL;
  readonly method: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface RawReply {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
}

/** There was no whole answer. */
export interface NetworkFailure {
  /** `ECONNRESET`, `UND_ERR_HEADERS_TIMEOUT`, … */
  readonly failure: string;
  /** Certainly nothing reached the other side, so that any call may be repeated. */
  readonly unsent: boolean;
  readonly cause: unknown;
}

const SIZE_LIMIT = 10 * 1024 * 1024;

const UNSENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

export interface TransportOptions {
  readonly routes: EgressRoutes;
  readonly allowPrivate: readonly string[];
}

/** The sockets: guarded ones to the internet, free ones to destinations the operator mapped. */
export class Transport {
  readonly #routes: EgressRoutes;
  readonly #guarded: Agent;
  readonly #free = new Agent({ allowH2: false });

  constructor({ routes, allowPrivate }: TransportOptions) {
    this.#routes = routes;
    this.#guarded = new Agent({ connect: new Guard({ allowPrivate }).connector() });
  }

  /**
   * Resolves with any whole answer, whatever its status, or with the network's failure.
   * @throws HubError for a guarded address, a scheme other than https, an answer over 10 MB; the signal's reason
   */
  async exchange(exchange: Exchange): Promise<RawReply | NetworkFailure> {
    const started = Date.now();
    let outcome: number | 'failure' = 'failure';
    try {
      const answer = await this.#exchange(exchange);
      if (!isFailure(answer)) outcome = answer.status;
      return answer;
    } finally {
      measure('call', { plugin: exchange.plugin, outcome, seconds: (Date.now() - started) / 1000 });
    }
  }

  async #exchange(exchange: Exchange): Promise<RawReply | NetworkFailure> {
    const { protocol, host } = exchange.url;
    // Of a mapped host as well: what would go out in the clear elsewhere is not to be learned only there.
    if (protocol !== 'https:') throw new PluginFault(`${host} was to be called over ${protocol}//; only https:// is allowed.`);
    const target = this.#routes.resolve(exchange.url, exchange.plugin);
    const mapped = target !== exchange.url;
    try {
      return await send(target, exchange, mapped ? this.#free : this.#guarded);
    } catch (error) {
      if (hubError(error) || exchange.signal.aborted) throw error;
      return networkFailure(error, target.host);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#guarded.destroy(), this.#free.destroy()]);
  }
}

export function isFailure(outcome: RawReply | NetworkFailure): outcome is NetworkFailure {
  return 'failure' in outcome;
}

async function send(target: URL, exchange: Exchange, dispatcher: Dispatcher): Promise<RawReply> {
  const { method, headers, body, signal } = exchange;
  const timeoutMs = Math.max(1, exchange.timeoutMs);
  const reply = await request(target, {
    dispatcher,
    method: method as Dispatcher.HttpMethod,
    headers: { ...headers },
    body: body ?? null,
    signal,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  const received = lowerCased(reply.headers);
  const bytes = await readAll(reply.body, target.host);
  return { status: reply.statusCode, headers: received, text: await decodeBody(bytes, received, SIZE_LIMIT) };
}

async function readAll(body: Dispatcher.ResponseData['body'], host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop closes the socket, so that the rest is not even received.
    if (size > SIZE_LIMIT) throw new Rejected(`${host} answered with more than 10 MB; ask for less at a time.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function lowerCased(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ''].flat().join(', ')] as const);
  return Object.fromEntries(pairs);
}

function networkFailure(error: unknown, host: string): NetworkFailure {
  const { code, name } = error as { code?: string; name?: string };
  if (code === 'UND_ERR_INVALID_ARG') {
    throw new PluginFault(`A request to ${host} cannot be sent: a header or the method holds characters HTTP does not allow.`);
  }
  const failure = code ?? name ?? 'unknown';
  return { failure, unsent: UNSENT.has(failure), cause: error };
}

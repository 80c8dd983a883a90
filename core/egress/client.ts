import type { PluginLog } from '../sdk/context.ts';
import { hubError, PluginFault, TryLater } from '../sdk/errors.ts';
import type { Http, HttpOptions, Reply } from '../sdk/http.ts';
import { withDeadline } from './abort.ts';
import { type BreakerOptions, Breakers } from './breaker.ts';
import type { Budgets } from './budget.ts';
import { Call } from './call.ts';
import type { CallParts } from './call-parts.ts';
import { isDeclared } from './hosts.ts';
import type { HttpFor } from './http-for.ts';
import { Lanes } from './lanes.ts';
import { COMMON_HEADERS, mergeHeaders } from './request.ts';
import type { EgressRoutes } from './routes.ts';
import { isFailure, type RawReply, Transport } from './transport.ts';

export type { Access, HttpFor, Secrets } from './http-for.ts';
export type { RawReply } from './transport.ts';

export interface EgressOptions {
  readonly routes: EgressRoutes;
  /** `EGRESS_ALLOW_PRIVATE`. */
  readonly allowPrivate: readonly string[];
  readonly log: Pick<PluginLog, 'debug'>;
  readonly budgets: Budgets;
  readonly breaker?: BreakerOptions;
}

export interface RawRequest {
  /** Whose request it is: each plugin's traffic has its own simulator. */
  readonly plugin: string;
  readonly url: string | URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
  /** The hosts it may go to. */
  readonly hosts: readonly string[];
}

/** The hub's only way out to providers. */
export class Egress {
  readonly #parts: CallParts;
  readonly #log: Pick<PluginLog, 'debug'>;

  constructor({ routes, allowPrivate, log, budgets, breaker = {} }: EgressOptions) {
    this.#parts = {
      transport: new Transport({ routes, allowPrivate }),
      budgets,
      breakers: new Breakers(breaker),
      lanes: new Lanes(),
    };
    this.#log = log;
  }

  createHttp(owner: HttpFor): Http {
    const through =
      (method: string) =>
      async <T>(url: string, options: HttpOptions = {}): Promise<Reply<T>> =>
        (await new Call(this.#parts, owner, { method, url, options }).run()) as Reply<T>;
    return {
      get: through('GET'),
      post: through('POST'),
      put: through('PUT'),
      patch: through('PATCH'),
      delete: through('DELETE'),
    };
  }

  /**
   * One guarded exchange without retries, for the token endpoint. Resolves with any status.
   * @throws HubError `plugin-fault` for an undeclared host, `rejected` for a private one, `try-later` without an answer
   */
  async send(raw: RawRequest): Promise<RawReply> {
    const url = new URL(raw.url);
    if (!isDeclared(raw.hosts, url))
      throw new PluginFault(`${url.host} is not among the declared hosts ${raw.hosts.join(', ')}.`);
    const signal = withDeadline(raw.timeoutMs, ...(raw.signal ? [raw.signal] : []));
    const started = Date.now();
    const outcome = await this.#exchange(raw, url, signal);
    this.#log.debug({ method: raw.method, host: url.host, status: outcome.status, ms: Date.now() - started }, 'provider called');
    return outcome;
  }

  async #exchange(raw: RawRequest, url: URL, signal: AbortSignal): Promise<RawReply> {
    const { plugin, method, body, timeoutMs } = raw;
    try {
      const headers = mergeHeaders(COMMON_HEADERS, raw.headers);
      const outcome = await this.#parts.transport.exchange({ plugin, url, method, headers, body, timeoutMs, signal });
      if (!isFailure(outcome)) return outcome;
      throw new TryLater(`${url.host} could not be reached (${outcome.failure}).`, { cause: outcome.cause });
    } catch (error) {
      if (hubError(error) || !signal.aborted) throw error;
      if (raw.signal?.aborted) throw hubError(raw.signal.reason) ?? new TryLater(`The call to ${url.host} was stopped.`);
      throw new TryLater(`${url.host} did not answer within ${timeoutMs / 1000} s.`);
    }
  }

  async close(): Promise<void> {
    await this.#parts.transport.close();
  }
}

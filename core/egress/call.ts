import { setTimeout as pause } from 'node:timers/promises';
import { type HubError, hubError, PluginFault, ReconnectNeeded } from '../sdk/errors.ts';
import type { HttpOptions, Reply } from '../sdk/http.ts';
import type { Handlers, PluginLog } from '../sdk/plugin.ts';
import { unlessAborted, withDeadline } from './abort.ts';
import { parseData } from './body.ts';
import type { Breakers } from './breaker.ts';
import type { Budgets, Priority } from './budget.ts';
import { CallWords } from './call-words.ts';
import { sensitiveValues } from './redact.ts';
import { assertDeclared, COMMON_HEADERS, callBody, callUrl, mergeHeaders, redirectTarget, sameHeaders } from './request.ts';
import { judge } from './retry.ts';
import { type Exchange, isFailure, type NetworkFailure, type RawReply, type Transport } from './transport.ts';

/** For whom a plugin's {@link Http} speaks. */
export interface HttpFor {
  readonly plugin: string;
  /** What people call it in messages; default: the plugin's id. */
  readonly name?: string;
  /** Words no message may hold. */
  readonly never?: readonly string[] | undefined;
  readonly baseUrl: string;
  /** Declared besides the base URL's own; may begin with `*.`. */
  readonly hosts: readonly string[];
  /** Sent on every call. */
  readonly headers: Readonly<Record<string, string>>;
  /** `key` names the provider account whose budget it is. */
  readonly budget: { readonly key: string; readonly requests: number; readonly seconds: number };
  readonly signal: AbortSignal;
  readonly log: Pick<PluginLog, 'debug'>;
  /** Headers with the credential; `renewed` is asked for once, after one that had expired: `refused` are its headers. */
  readonly authorize?: (
    attempt: 'first' | 'renewed',
    refused?: Readonly<Record<string, string>>,
  ) => Promise<Record<string, string>>;
  readonly explain?: Handlers['explain'];
  readonly priority?: Priority;
}

export interface CallParts {
  readonly transport: Transport;
  readonly budgets: Budgets;
  readonly breakers: Breakers;
}

export interface CallInput {
  readonly method: string;
  readonly url: string;
  readonly options: HttpOptions;
}

type Request = Pick<Exchange, 'url' | 'headers' | 'body'>;

const DEFAULT_TIMEOUT_MS = 30_000;
const MOST_REDIRECTS = 3;
const IDEMPOTENT = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

/** One call of a plugin, with its retries, its renewal and its deadline. */
export class Call {
  readonly #parts: CallParts;
  readonly #for: HttpFor;
  readonly #input: CallInput;
  readonly #url: URL;
  readonly #body: ReturnType<typeof callBody>;
  readonly #timeoutMs: number;
  readonly #deadline: number;
  readonly #signal: AbortSignal;
  readonly #words: CallWords;
  /** A redirect left the host, and the credential behind. */
  #strayed = false;

  /** @throws HubError `plugin-fault` for an undeclared host */
  constructor(parts: CallParts, owner: HttpFor, input: CallInput) {
    this.#parts = parts;
    this.#for = owner;
    this.#input = input;
    this.#url = callUrl(owner, input.url, input.options.query);
    this.#body = callBody(owner.plugin, input.options);
    this.#timeoutMs = input.options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
    this.#deadline = Date.now() + this.#timeoutMs;
    this.#signal = withDeadline(this.#timeoutMs, owner.signal);
    const named = { ...owner.headers, ...input.options.headers, ...input.options.form };
    const secrets = sensitiveValues([...Object.entries(named), ...this.#url.searchParams]);
    this.#words = new CallWords(
      { plugin: owner.name ?? owner.plugin, never: owner.never, baseUrl: owner.baseUrl, method: input.method, url: this.#url },
      secrets,
    );
  }

  async run(): Promise<Reply> {
    try {
      return await unlessAborted(this.#attempts(), this.#signal);
    } catch (error) {
      if (hubError(error) || !this.#signal.aborted) throw error;
      throw this.#for.signal.aborted ? this.#words.stopped(this.#for.signal) : this.#words.late(this.#timeoutMs);
    }
  }

  async #attempts(): Promise<Reply> {
    let credential = await this.#credential('first');
    let renewed = false;
    for (let number = 1; ; number += 1) {
      const outcome = await this.#exchange(credential);
      if (!isFailure(outcome) && outcome.status >= 200 && outcome.status < 300) return this.#reply(outcome);
      const meaning = this.#explain(outcome);
      if (meaning === 'expired') {
        const fresh: Record<string, string> = renewed ? credential : await this.#credential('renewed', credential);
        if (sameHeaders(fresh, credential)) throw this.#refused(outcome as RawReply);
        [credential, renewed, number] = [fresh, true, number - 1];
        continue;
      }
      const verdict = meaning ? { error: meaning } : this.#judge(outcome, number);
      if ('error' in verdict) throw verdict.error;
      await pause(verdict.waitMs, undefined, { signal: this.#signal });
    }
  }

  async #credential(attempt: 'first' | 'renewed', refused?: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const headers = (await this.#for.authorize?.(attempt, refused)) ?? {};
    this.#words.alsoHide(Object.values(headers));
    return headers;
  }

  /** Follows redirects of GET to declared hosts; what the hub or plugin added to the request stays with the first host. */
  async #exchange(credential: Readonly<Record<string, string>>): Promise<RawReply | NetworkFailure> {
    const { budget, headers: fixed, priority = 'interactive' } = this.#for;
    const { headers: typed, body } = this.#body;
    const headers = mergeHeaders(COMMON_HEADERS, fixed, typed, credential, this.#input.options.headers ?? {});
    let request: Request = { url: this.#url, headers, body };
    await this.#parts.budgets.take(budget.key, budget, { signal: this.#signal, priority });
    for (let hop = 0; ; hop += 1) {
      const outcome = await this.#send(request);
      const next = this.#input.method === 'GET' && hop < MOST_REDIRECTS ? redirectTarget(outcome, request.url) : undefined;
      if (!next) return outcome;
      assertDeclared(this.#for, next);
      this.#strayed ||= next.origin !== this.#url.origin;
      request = this.#strayed ? { url: next, headers: COMMON_HEADERS } : { ...request, url: next };
    }
  }

  async #send(request: Request): Promise<RawReply | NetworkFailure> {
    const { log } = this.#for;
    const { method } = this.#input;
    const started = Date.now();
    const [signal, timeoutMs] = [this.#signal, this.#deadline - started];
    const { url } = request;
    const outcome = await this.#parts.breakers.run(this.#for, url.host, () =>
      this.#parts.transport.exchange({ ...request, method, timeoutMs, signal }).catch((error) => this.#silence(error)),
    );
    const result = isFailure(outcome) ? { failure: outcome.failure } : { status: outcome.status };
    log.debug(
      { method, host: url.host, path: this.#words.path(url.pathname), ms: Date.now() - started, ...result },
      'provider called',
    );
    return outcome;
  }

  /** A host that lets the deadline pass counts as failed; a caller who gives up does not count. */
  #silence(error: unknown): NetworkFailure {
    if (hubError(error) || !this.#signal.aborted || this.#for.signal.aborted) throw error;
    return { failure: 'ETIMEDOUT', unsent: false, cause: error };
  }

  /** 401 is an expired credential unless the plugin knows better. */
  #explain(outcome: RawReply | NetworkFailure): 'expired' | HubError | undefined {
    if (isFailure(outcome)) return undefined;
    const { status, headers } = outcome;
    let meaning: 'expired' | HubError | undefined;
    try {
      meaning = this.#for.explain?.({ status, headers, data: this.#parse(outcome).data });
    } catch (cause) {
      throw hubError(cause) ?? new PluginFault(`${this.#for.plugin} failed to explain an answer of ${status}.`, { cause });
    }
    return meaning ?? (status === 401 && !this.#strayed ? 'expired' : undefined);
  }

  #judge(outcome: RawReply | NetworkFailure, number: number) {
    const { method, options } = this.#input;
    return judge(outcome, {
      number,
      idempotent: options.idempotent ?? IDEMPOTENT.has(method),
      remainingMs: this.#deadline - Date.now(),
      budgetSeconds: this.#for.budget.seconds,
      message: isFailure(outcome) ? this.#words.unreachable(outcome) : this.#answered(outcome),
    });
  }

  #reply(raw: RawReply): Reply {
    const { data, broken } = this.#parse(raw);
    if (broken) throw this.#words.notJson(raw);
    return { status: raw.status, headers: raw.headers, data };
  }

  #parse(raw: RawReply): { data: unknown; broken: boolean } {
    const accept = mergeHeaders(COMMON_HEADERS, this.#for.headers, this.#input.options.headers ?? {})['accept'] ?? '';
    return parseData(raw.text, raw.headers['content-type'] ?? '', accept);
  }

  #refused(raw: RawReply): HubError {
    return new ReconnectNeeded(`${this.#answered(raw)} The credential is no longer accepted; connect again.`);
  }

  #answered(raw: RawReply): string {
    return this.#words.answered(raw.status, this.#parse(raw).data);
  }
}

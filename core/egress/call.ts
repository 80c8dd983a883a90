import { setTimeout as pause } from 'node:timers/promises';
import { type HubError, hubError, PluginFault, ReconnectNeeded, Rejected } from '../sdk/errors.ts';
import type { Reply } from '../sdk/http.ts';
import { unlessAborted, withDeadline } from './abort.ts';
import { parseData } from './body.ts';
import { CallAccess } from './call-access.ts';
import type { CallInput, CallParts } from './call-parts.ts';
import { CallWords } from './call-words.ts';
import type { HttpFor } from './http-for.ts';
import { keepPace } from './keep-pace.ts';
import { assertDeclared, COMMON_HEADERS, callBody, callUrl, mergeHeaders, redirectTarget, withQuery } from './request.ts';
import { judge } from './retry.ts';
import { type Exchange, isFailure, type NetworkFailure, type RawReply } from './transport.ts';

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
  readonly #access: CallAccess;
  /** A redirect left the host, and the credential behind. */
  #strayed = false;
  /** It waits for its turn among the account's calls. */
  #queued = false;
  /** What the provider's usage figures asked for. */
  #restSeconds: number | undefined;

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
    this.#words = new CallWords(
      { plugin: owner.name ?? owner.plugin, never: owner.never, baseUrl: owner.baseUrl, method: input.method, url: this.#url },
      { headers: { ...owner.headers, ...input.options.headers }, form: input.options.form },
    );
    this.#access = new CallAccess(owner, input.options.token, (values) => this.#words.alsoHide(values));
  }

  async run(): Promise<Reply> {
    try {
      return await unlessAborted(this.#attempts(), this.#signal);
    } catch (error) {
      if (hubError(error) || !this.#signal.aborted) throw error;
      if (this.#for.signal.aborted) throw this.#words.stopped(this.#for.signal);
      throw this.#queued ? this.#words.crowded(this.#timeoutMs) : this.#words.late(this.#timeoutMs);
    }
  }

  async #attempts(): Promise<Reply> {
    await this.#access.open();
    let renewed = false;
    for (let number = 1; ; number += 1) {
      const outcome = this.#access.withoutEcho(await this.#exchange());
      if (!isFailure(outcome) && !this.#strayed) this.#restSeconds = await this.#keepPace(outcome);
      if (!isFailure(outcome) && outcome.status >= 200 && outcome.status < 300) return this.#reply(outcome);
      const meaning = this.#explain(outcome);
      if (meaning === 'expired') {
        if (renewed || !(await this.#access.renew())) throw this.#refused(outcome as RawReply);
        [renewed, number] = [true, number - 1];
        continue;
      }
      const verdict = meaning ? { error: meaning } : this.#judge(outcome, number);
      if ('error' in verdict) throw verdict.error;
      await pause(verdict.waitMs, undefined, { signal: this.#signal });
    }
  }

  async #exchange(): Promise<RawReply | NetworkFailure> {
    const { budget, priority = 'interactive' } = this.#for;
    const { concurrent: most } = budget;
    const signal = this.#signal;
    await this.#parts.budgets.take(budget.key, budget, { signal, priority });
    this.#queued = true;
    return this.#parts.lanes.run(budget.key, { most, signal }, () => this.#hops());
  }

  /** Follows redirects of GET to declared hosts; what the hub or plugin added to the request stays with the first host. */
  async #hops(): Promise<RawReply | NetworkFailure> {
    this.#queued = false;
    this.#strayed = false;
    let url = this.#url;
    for (let hop = 0; ; hop += 1) {
      const outcome = await this.#send(await this.#request(url));
      const next = this.#input.method === 'GET' && hop < MOST_REDIRECTS ? redirectTarget(outcome, url) : undefined;
      if (!next) return outcome;
      assertDeclared(this.#for, next);
      this.#strayed ||= next.origin !== this.#url.origin;
      url = this.#strayed ? this.#access.bare(next) : next;
    }
  }

  async #request(url: URL): Promise<Request> {
    if (this.#strayed) return { url, headers: COMMON_HEADERS };
    const { headers: shown = {}, query = {} } = await this.#access.showAt(url);
    const { headers: typed, body } = this.#body;
    const headers = mergeHeaders(COMMON_HEADERS, this.#for.headers, typed, shown, this.#input.options.headers ?? {});
    return { url: withQuery(url, query), headers, body };
  }

  async #send(request: Request): Promise<RawReply | NetworkFailure> {
    const { log } = this.#for;
    const { method } = this.#input;
    const started = Date.now();
    const [signal, timeoutMs] = [this.#signal, this.#deadline - started];
    const { url } = request;
    const outcome = await this.#parts.breakers.run(this.#for, url.host, () =>
      this.#parts.transport
        .exchange({ ...request, plugin: this.#for.plugin, method, timeoutMs, signal })
        .catch((error) => this.#silence(error)),
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

  #keepPace(raw: RawReply): Promise<number | undefined> {
    const { status, headers } = raw;
    return keepPace(this.#parts.budgets, this.#for, { status, headers, data: this.#parse(raw).data });
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
      budgetSeconds: this.#restSeconds ?? this.#for.budget.seconds,
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

  /** What a token the call brought itself is refused for says nothing about the connection. */
  #refused(raw: RawReply): HubError {
    if (this.#access.token !== undefined) return new Rejected(this.#answered(raw), { code: 'INVALID_CREDENTIALS' });
    // A provider's own words, which end it, seldom end with a full stop.
    const said = this.#answered(raw).replace(/[^.!?…]$/, '$&.');
    return new ReconnectNeeded(`${said} The credential is no longer accepted; connect again.`);
  }

  #answered(raw: RawReply): string {
    return this.#words.answered(raw.status, this.#parse(raw).data);
  }
}

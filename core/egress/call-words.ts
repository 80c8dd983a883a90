import { type HubError, hubError, TryLater } from '../sdk/errors.ts';
import type { HttpOptions } from '../sdk/http.ts';
import { redact, secretParts, sensitiveValues } from './redact.ts';
import { formPairs } from './request.ts';
import type { NetworkFailure, RawReply } from './transport.ts';
import { cut, providerMessage, unbranded } from './wording.ts';

export interface Named {
  readonly plugin: string;
  /** What must not be quoted from the provider's words. */
  readonly never?: readonly string[] | undefined;
  readonly baseUrl: string;
  readonly method: string;
  readonly url: URL;
}

interface Sent {
  readonly headers: Readonly<Record<string, string>>;
  readonly form: HttpOptions['form'];
}

/** The sentences about one call, without the secrets that went with it. */
export class CallWords {
  readonly #named: Named;
  readonly #secrets: Set<string>;

  /** What of the call is named like a secret is hidden from the beginning. */
  constructor(named: Named, { headers, form = {} }: Sent) {
    this.#named = named;
    const sent = [...Object.entries(headers), ...formPairs(form), ...named.url.searchParams];
    this.#secrets = secretParts(sensitiveValues(sent));
  }

  alsoHide(secrets: Iterable<string>): void {
    for (const part of secretParts(secrets)) this.#secrets.add(part);
  }

  /** `POST /contacts/`; the query is left out: it may hold what nobody else should read. */
  what(): string {
    const { baseUrl, method, url } = this.#named;
    const base = new URL(baseUrl);
    const prefix = base.pathname.replace(/\/+$/, '');
    const below = url.host === base.host && url.pathname.startsWith(`${prefix}/`);
    const path = below ? url.pathname.slice(prefix.length) : url.pathname;
    return `${method} ${this.path(url.host === base.host ? path : `${url.host}${path}`)}`;
  }

  path(path: string): string {
    return cut(redact(path, this.#secrets));
  }

  /**
   * `Acme answered 422 to POST /contacts/: email is taken`; where it is nobody's doing here, that is said first:
   * `Acme has a problem on its side just now (answered 503 to GET /contacts/: Maintenance).`
   */
  answered(status: number, data: unknown): string {
    const { plugin, never } = this.#named;
    const said = unbranded(providerMessage(data, this.#secrets), plugin, never);
    const answer = `answered ${status} to ${this.what()}${said ? `: ${said}` : ''}`;
    if (status === 429) return `${plugin} takes no more calls just now (${answer}).`;
    if (status >= 500) return `${plugin} has a problem on its side just now (${answer}).`;
    return `${plugin} ${answer}${said ? '' : '.'}`;
  }

  notJson({ status, headers }: RawReply): HubError {
    const type = cut(headers['content-type']?.split(';')[0] ?? 'no content type');
    const { plugin } = this.#named;
    return new TryLater(
      `${plugin} sent something that cannot be read just now (answered ${status} to ${this.what()} with ${type}, not whole JSON).`,
    );
  }

  unreachable({ failure }: NetworkFailure): string {
    return `${this.#named.plugin} could not be reached just now (${this.what()}: ${failure}).`;
  }

  stopped(signal: AbortSignal): HubError {
    return hubError(signal.reason) ?? new TryLater(`The call of ${this.#named.plugin} to ${this.what()} was stopped.`);
  }

  crowded(timeoutMs: number): HubError {
    const { plugin } = this.#named;
    return new TryLater(`As many calls as ${plugin} takes at a time were under way for ${timeoutMs / 1000} s; try again.`);
  }

  late(timeoutMs: number): HubError {
    return new TryLater(`${this.#named.plugin} did not answer within ${timeoutMs / 1000} s (${this.what()}).`);
  }
}

import type { Authorization } from '../sdk/credential.ts';
import { masking } from './conceal.ts';
import type { HttpFor, Secrets } from './http-for.ts';
import { secretParts } from './redact.ts';
import { isFailure, type NetworkFailure, type RawReply } from './transport.ts';

/** Shorter ones are test data, and words. */
const SHORTEST = 12;

/** What one call shows to be let in, through its renewal and its redirects. */
export class CallAccess {
  readonly #for: HttpFor;
  readonly #hide: (values: readonly string[]) => void;
  /** A token the call brought itself. */
  readonly token: string | undefined;
  readonly #shown = new Set<string>();
  #secrets: Secrets | undefined;

  constructor(owner: HttpFor, token: string | undefined, hide: (values: readonly string[]) => void) {
    this.#for = owner;
    this.token = token;
    this.#hide = hide;
    if (token !== undefined) this.#conceal([token]);
  }

  async open(): Promise<void> {
    this.#secrets = await this.#for.access?.secrets({ token: this.token });
  }

  /** After a refusal; false where there is nothing newer to try. The call's own token is nobody's here to renew. */
  async renew(): Promise<boolean> {
    if (this.token !== undefined || !this.#for.access) return false;
    const refused = this.#secrets;
    this.#secrets = await this.#for.access.secrets({ refused });
    return JSON.stringify(sorted(this.#secrets)) !== JSON.stringify(sorted(refused));
  }

  /** What goes into the request to this address. */
  async showAt({ host, pathname: path }: URL): Promise<Authorization> {
    const [secrets, token] = [this.#secrets, this.token];
    if (!this.#for.access || !secrets) return {};
    const shown = await this.#for.access.authorize({ host, path, secrets, token });
    this.#conceal([...Object.values(shown.headers ?? {}), ...Object.values(shown.query ?? {})]);
    return shown;
  }

  /** What is answered without the account's own secrets: of a provider that repeats them nobody is to learn them. */
  withoutEcho(outcome: RawReply | NetworkFailure): RawReply | NetworkFailure {
    const unseen = (this.#secrets && this.#for.access?.unseen?.(this.#secrets)) ?? [];
    const long = unseen.filter(({ length }) => length >= SHORTEST);
    if (isFailure(outcome) || long.length === 0) return outcome;
    const mask = masking(long);
    const headers = Object.fromEntries(Object.entries(outcome.headers).map(([name, value]) => [name, mask(value)]));
    return { ...outcome, headers, text: mask(outcome.text) };
  }

  /** The address without what this call has shown: providers repeat a query in where they send on to. */
  bare(url: URL): URL {
    if (![...url.searchParams.values()].some((value) => this.#shown.has(value))) return url;
    const clean = new URL(url);
    const kept = [...url.searchParams].filter(([, value]) => !this.#shown.has(value));
    clean.search = new URLSearchParams(kept).toString();
    return clean;
  }

  #conceal(values: readonly string[]): void {
    for (const part of secretParts(values)) this.#shown.add(part);
    this.#hide(values);
    this.#for.hide?.(values);
  }
}

function sorted(secrets: Secrets | undefined): unknown {
  return secrets && Object.entries(secrets).sort();
}

import type { Log } from '../log.ts';
import type { PluginLog } from '../sdk/index.ts';

const SHORTEST = 6;
/** One run may show thousands of values: what a provider repeats, it repeats soon. */
const LATELY = 100;

/** A plugin's log that shows none of the secrets that were opened for it, wherever in a line they turn up. */
export class LinkLog implements PluginLog {
  readonly #log: Log;
  readonly #secrets = new Set<string>();
  readonly #lately = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  /** Shorter values would black out ordinary words. */
  hide(secrets: Iterable<string>): void {
    for (const secret of secrets) if (secret.length >= SHORTEST) this.#secrets.add(secret);
  }

  /** Values that went out with the latest calls. */
  hideLately(values: Iterable<string>): void {
    for (const value of values) {
      if (value.length < SHORTEST || this.#secrets.has(value)) continue;
      this.#lately.delete(value);
      this.#lately.add(value);
    }
    for (const value of [...this.#lately].slice(0, -LATELY)) this.#lately.delete(value);
  }

  debug(fields: object, message: string): void {
    this.#log.debug(this.#clean(fields), this.#mask(message));
  }

  info(fields: object, message: string): void {
    this.#log.info(this.#clean(fields), this.#mask(message));
  }

  warn(fields: object, message: string): void {
    this.#log.warn(this.#clean(fields), this.#mask(message));
  }

  /** Words that are to be written down or shown elsewhere. */
  readonly mask = (text: string): string => this.#mask(text);

  #clean(fields: object): object {
    try {
      return JSON.parse(JSON.stringify(fields, (_, value) => this.#plain(value))) as object;
    } catch {
      return { note: 'fields that cannot be written as JSON' };
    }
  }

  #plain(value: unknown): unknown {
    if (typeof value === 'string') return this.#mask(value);
    if (typeof value === 'bigint') return String(value);
    if (value instanceof Error) return { name: value.name, message: this.#mask(value.message) };
    return value;
  }

  #mask(text: string): string {
    let masked = String(text);
    for (const secret of [...this.#lately, ...this.#secrets]) masked = masked.replaceAll(secret, '[redacted]');
    return masked;
  }
}

import type { AuditReadStore, CountedRead } from './audit-read-store.ts';

/** What a hub that dies may have counted without writing it down. */
const FLUSH_MS = 10_000;

/**
 * What the hub itself reads of credentials: with every call of a plugin, so it is counted by integration, hour and purpose,
 * where what a person or a key reads is an entry each.
 */
export class AuditReads {
  readonly #store: Pick<AuditReadStore, 'add'>;
  readonly #counts = new Map<string, CountedRead & { count: number }>();
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(store: Pick<AuditReadStore, 'add'>, onFailure: (error: unknown) => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** @param purpose what of the plugin is at work: `sync of contacts` */
  note(storeId: string, integrationId: string, purpose: string): void {
    const hour = Math.floor(Date.now() / 3_600_000);
    const key = `${integrationId} ${hour} ${purpose}`;
    const known = this.#counts.get(key);
    if (known) known.count += 1;
    else this.#counts.set(key, { storeId, integrationId, hour: new Date(hour * 3_600_000), purpose, count: 1 });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }

  /** Writes down what was counted; what could not be written is counted on. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const reads = [...this.#counts.values()];
    this.#counts.clear();
    if (reads.length === 0) return;
    try {
      await this.#store.add(reads);
    } catch (error) {
      for (const read of reads) this.#again(read);
      this.#onFailure(error);
    }
  }

  #again(read: CountedRead & { count: number }): void {
    const key = `${read.integrationId} ${read.hour.getTime() / 3_600_000} ${read.purpose}`;
    const known = this.#counts.get(key);
    if (known) known.count += read.count;
    else this.#counts.set(key, { ...read });
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}

import type { Log } from '../log.ts';
import { messageOf } from './run.ts';
import type { TemplateRow, TemplateStore } from './template-store.ts';

/** What a plugin did wrong while it ran, on all hosts. */
export interface FaultCount {
  readonly failures: number;
  /** `sync of contacts: Cannot read properties of undefined (reading 'id') (plugins/acme/sync.ts:12)` */
  readonly lastError: string | undefined;
  readonly lastFailureAt: Date | undefined;
}

interface Pending {
  readonly count: number;
  readonly lastError: string;
  readonly at: Date;
}

const FLUSH_MS = 1000;
const TEXT_LIMIT = 1000;
const NONE: FaultCount = { failures: 0, lastError: undefined, lastFailureAt: undefined };

export interface FaultsOptions {
  readonly store: Pick<TemplateStore, 'addFailures'>;
  readonly log: Log;
}

/** Counts plugins' faults and keeps them on their rows, a while later and together. */
export class Faults {
  readonly #options: FaultsOptions;
  readonly #known = new Map<string, FaultCount>();
  readonly #pending = new Map<string, Pending>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: FaultsOptions) {
    this.#options = options;
  }

  of(id: string): FaultCount {
    const known = this.#known.get(id) ?? NONE;
    const pending = this.#pending.get(id);
    if (!pending) return known;
    return { failures: known.failures + pending.count, lastError: pending.lastError, lastFailureAt: pending.at };
  }

  /** @param where what was being done: `sync of contacts`, `a timer` */
  count(id: string, error: unknown, where: string): void {
    const lastError = `${where}: ${messageOf(error)}${placeOf(id, error)}`.slice(0, TEXT_LIMIT);
    this.#pending.set(id, { count: (this.#pending.get(id)?.count ?? 0) + 1, lastError, at: new Date() });
    this.#schedule();
  }

  /** What other hosts and earlier processes counted. */
  learn(rows: Iterable<TemplateRow>): void {
    for (const { pluginId, failures, lastError, lastFailureAt } of rows) {
      this.#known.set(pluginId, { failures, lastError: lastError ?? undefined, lastFailureAt: lastFailureAt ?? undefined });
    }
    if (this.#pending.size > 0) this.#schedule();
  }

  /** Writes what is not written yet; never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const batch = [...this.#pending];
    this.#pending.clear();
    for (const [id, pending] of batch) {
      const failures = await this.#store(id, pending);
      if (failures === undefined) this.#add(id, pending);
      else this.#known.set(id, { failures, lastError: pending.lastError, lastFailureAt: pending.at });
    }
  }

  /** @returns how many there are now; undefined where they could not be stored, as for a plugin that is only being loaded */
  async #store(id: string, pending: Pending): Promise<number | undefined> {
    try {
      return await this.#options.store.addFailures(id, pending);
    } catch (error) {
      this.#options.log.warn({ err: error, plugin: id }, 'the faults of a plugin could not be stored');
      return undefined;
    }
  }

  /** Before those that came meanwhile. */
  #add(id: string, { count, lastError, at }: Pending): void {
    const later = this.#pending.get(id);
    this.#pending.set(id, later ? { ...later, count: later.count + count } : { count, lastError, at });
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS).unref();
  }
}

/** ` (acme/sync.ts:12)`: the first line of the author's own. */
function placeOf(id: string, error: unknown): string {
  const stack = String((error as { stack?: unknown } | null)?.stack ?? '');
  const place = stack.match(new RegExp(`[/\\\\](${id}[/\\\\](?!\\.)[^\\s()]*?:\\d+):\\d+`))?.[1];
  return place ? ` (${place.replaceAll('\\', '/')})` : '';
}

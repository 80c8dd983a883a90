import type { Sql } from '../database/transaction.ts';
import type { Log } from '../log.ts';
import type { AppStore, SealedAppField } from './app-store.ts';

interface Place {
  readonly store: string;
  readonly owner: string;
  readonly field: string;
}

/** What seals and opens a value for one place, and nowhere else. */
export interface Sealer {
  seal(place: Place, plain: string): Promise<string>;
  open(place: Place, sealed: string): Promise<string>;
}

export interface AppValuesOptions {
  readonly store: AppStore;
  readonly vault: Sealer;
  readonly log: Log;
}

interface Opened {
  readonly sealed: string;
  readonly plain: string | undefined;
}

/**
 * The app fields set on the admin page, open in memory: whoever needs one, needs it at once. {@link load} brings them in
 * line with the database and opens only what changed.
 */
export class AppValues {
  readonly #options: AppValuesOptions;
  /** `plugin field` → its ciphertext and what it holds. */
  #opened: ReadonlyMap<string, Opened> = new Map();
  #values: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map();
  #loading: Promise<void> = Promise.resolve();

  constructor(options: AppValuesOptions) {
    this.#options = options;
  }

  /** Field → value; empty for a plugin whose app nobody has set here. */
  of(plugin: string): Readonly<Record<string, string>> {
    return this.#values.get(plugin) ?? {};
  }

  /** Never throws: with the database away the values known so far stay in force. */
  load(): Promise<void> {
    this.#loading = this.#loading
      .then(() => this.#load())
      .catch((error: unknown) => {
        this.#options.log.warn({ err: error }, 'app credentials could not be read; those known so far stay in force');
      });
    return this.#loading;
  }

  /** Sets fields, or takes them away with null; in force here when it returns. `also` is part of the transaction. */
  async set(
    plugin: string,
    fields: Readonly<Record<string, string | null>>,
    also: (sql: Sql) => Promise<void> = async () => {},
  ): Promise<void> {
    const sealed = Object.entries(fields).map(
      async ([field, value]) =>
        [field, value === null ? null : await this.#options.vault.seal(placeOf(plugin, field), value)] as const,
    );
    await this.#options.store.write(plugin, Object.fromEntries(await Promise.all(sealed)), also);
    await this.load();
  }

  async #load(): Promise<void> {
    const rows = await this.#options.store.all();
    const opened = await Promise.all(rows.map(async (row) => [keyOf(row), await this.#open(row)] as const));
    this.#opened = new Map(opened);
    const values = new Map<string, Record<string, string>>();
    for (const [at, { pluginId, field }] of rows.entries()) {
      const plain = opened[at]?.[1].plain;
      if (plain !== undefined) values.set(pluginId, { ...values.get(pluginId), [field]: plain });
    }
    this.#values = values;
  }

  async #open(row: SealedAppField): Promise<Opened> {
    const { pluginId, field, sealed } = row;
    const known = this.#opened.get(keyOf(row));
    if (known?.sealed === sealed && known.plain !== undefined) return known;
    try {
      return { sealed, plain: await this.#options.vault.open(placeOf(pluginId, field), sealed) };
    } catch (error) {
      // One that does not open counts as not set: its plugin says what is missing, the others go on.
      this.#options.log.error({ plugin: pluginId, field, err: error }, 'an app credential cannot be opened; set it again');
      return { sealed, plain: undefined };
    }
  }
}

/** The hub itself is whose they are, not a store. */
function placeOf(plugin: string, field: string): Place {
  return { store: 'hub', owner: `plugin:${plugin}`, field };
}

function keyOf({ pluginId, field }: SealedAppField): string {
  return `${pluginId} ${field}`;
}

import type { Sql } from '../database/transaction.ts';
import { type Integration, IntegrationStore } from '../integrations/integration-store.ts';

/** An integration read by many at the same moment is read once: a claim brings many events of one. */
export class SharedReads extends IntegrationStore {
  readonly #reading = new Map<string, Promise<unknown>>();

  override get(storeId: string, id: string, sql?: Sql): Promise<Integration> {
    return sql ? super.get(storeId, id, sql) : this.#once(`get ${storeId} ${id}`, () => super.get(storeId, id));
  }

  override configSecrets(storeId: string, id: string, sql?: Sql): Promise<Record<string, string>> {
    if (sql) return super.configSecrets(storeId, id, sql);
    return this.#once(`secrets ${storeId} ${id}`, () => super.configSecrets(storeId, id));
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reading.get(key) as Promise<T> | undefined;
    if (known) return known;
    const reading = read().finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

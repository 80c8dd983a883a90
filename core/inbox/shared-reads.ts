import type { Sql } from '../database/transaction.ts';
import { type Integration, IntegrationStore } from '../integrations/integration-store.ts';

/**
 * An integration read by many at the same moment is read once: a claim brings many events of one. Its secrets are read along
 * with it, for whoever asks for them as soon as it has the integration.
 */
export class SharedReads extends IntegrationStore {
  readonly #reading = new Map<string, Promise<unknown>>();
  /** What came with integrations within this turn of the loop. */
  readonly #secrets = new Map<string, Promise<Record<string, string>>>();

  override get(storeId: string, id: string, sql?: Sql): Promise<Integration> {
    if (sql) return super.get(storeId, id, sql);
    return this.#once(`get ${storeId} ${id}`, async () => {
      const secrets = super.configSecrets(storeId, id);
      const [integration] = await Promise.allSettled([super.get(storeId, id), secrets]);
      if (integration.status === 'rejected') throw integration.reason;
      this.#secrets.set(`${storeId} ${id}`, secrets);
      setImmediate(() => this.#secrets.delete(`${storeId} ${id}`));
      return integration.value;
    });
  }

  override configSecrets(storeId: string, id: string, sql?: Sql): Promise<Record<string, string>> {
    if (sql) return super.configSecrets(storeId, id, sql);
    return (
      this.#secrets.get(`${storeId} ${id}`) ?? this.#once(`secrets ${storeId} ${id}`, () => super.configSecrets(storeId, id))
    );
  }

  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#reading.get(key) as Promise<T> | undefined;
    if (known) return known;
    const reading = read().finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

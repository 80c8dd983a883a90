import { IntegrationStore, type WithSecrets } from '../integrations/integration-store.ts';

/** An integration read by many at the same moment is read once: a claim brings many events of one. */
export class SharedReads extends IntegrationStore {
  readonly #reading = new Map<string, Promise<WithSecrets>>();

  override getWithSecrets(storeId: string, id: string): Promise<WithSecrets> {
    const key = `${storeId} ${id}`;
    const known = this.#reading.get(key);
    if (known) return known;
    const reading = super.getWithSecrets(storeId, id).finally(() => this.#reading.delete(key));
    this.#reading.set(key, reading);
    return reading;
  }
}

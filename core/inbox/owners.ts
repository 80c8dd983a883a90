import { createHash } from 'node:crypto';
import type { CredentialStore } from '../integrations/credential-store.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Vault } from '../vault/secret.ts';
import { AgedCache } from './aged-cache.ts';
import { isLater, type Soon } from './soon.ts';

/** Every host listens here; the payload is an integration's id and, where its account changed, the account's hash. */
export const OWNERS_CHANNEL = 'patchbay_owners';

export interface OwnersOptions {
  readonly integrations: Pick<IntegrationStore, 'byAccount' | 'byWebhookKey' | 'webhookSecrets'>;
  readonly credentials: Pick<CredentialStore, 'get'>;
  readonly vault: Vault;
}

/** What the calls of an integration's webhook may be signed with, open. */
export interface OwnKeys {
  readonly current: Readonly<Record<string, string>>;
  /** As they were before they were last exchanged, for calls that were under way then. */
  readonly former: Readonly<Record<string, string>> | undefined;
}

/** Even a change that went unheard is known by then. */
const AGE = { maxAgeMs: 30_000, most: 20_000 };

/**
 * Whose a call is and what it may be signed with. Known from memory while the database tells of changes: no call of a busy
 * provider asks it.
 */
export class Owners {
  readonly #parts: OwnersOptions;
  readonly #owners = new AgedCache<readonly Integration[]>(AGE);
  readonly #keys = new AgedCache<OwnKeys>(AGE);
  #hearing = false;

  constructor(parts: OwnersOptions) {
    this.#parts = parts;
  }

  /** @param payload of a notification; undefined once listening has begun, when anything may have changed */
  hear(payload: string | undefined): void {
    if (payload === undefined) {
      this.#clear();
      this.#hearing = true;
      return;
    }
    for (const tag of payload.split(' ')) {
      this.#owners.forget(tag);
      this.#keys.forget(tag);
    }
  }

  /** Nothing is known from memory until {@link hear} is called again. */
  deaf(): void {
    this.#hearing = false;
    this.#clear();
  }

  /** Every integration of an account, in any store. */
  byAccount(pluginId: string, account: string): Soon<readonly Integration[]> {
    const { integrations } = this.#parts;
    if (!this.#hearing) return integrations.byAccount(pluginId, account);
    return this.#owners.get(`${pluginId} ${account}`, async () => {
      const value = await integrations.byAccount(pluginId, account);
      const hash = createHash('md5').update(`${pluginId} ${account}`).digest('hex');
      return { value, tags: [hash, ...value.map(({ id }) => id)] };
    });
  }

  /** Unknown keys are not remembered: anybody can make one up. */
  byWebhookKey(pluginId: string, key: string): Soon<Integration | undefined> {
    const { integrations } = this.#parts;
    if (!this.#hearing) return integrations.byWebhookKey(pluginId, key);
    const found = this.#owners.get(`${pluginId}/${key}`, async () => {
      const owner = await integrations.byWebhookKey(pluginId, key);
      if (!owner) throw new Unknown();
      return { value: [owner], tags: [owner.id] };
    });
    return isLater(found) ? found.then(([owner]) => owner, noneIfUnknown) : found[0];
  }

  keysOf(integration: Integration): Soon<OwnKeys> {
    if (!this.#hearing) return this.#open(integration);
    return this.#keys.get(integration.id, async () => ({ value: await this.#open(integration), tags: [integration.id] }));
  }

  /** Keys a person gave count as well; tokens of an OAuth grant are for calling out only. */
  async #open({ storeId, id }: Integration): Promise<OwnKeys> {
    const { integrations, credentials, vault } = this.#parts;
    const [credential, { current, former }] = await Promise.all([
      credentials.get({ storeId, integrationId: id }),
      integrations.webhookSecrets(storeId, id),
    ]);
    const given = credential?.method === 'manual' ? credential.secrets : {};
    const opened = (sealed: Readonly<Record<string, string>>) =>
      vault.openAll({ store: storeId, owner: id }, { ...given, ...current, ...sealed });
    return { current: await opened({}), former: Object.keys(former).length > 0 ? await opened(former) : undefined };
  }

  #clear(): void {
    this.#owners.clear();
    this.#keys.clear();
  }
}

class Unknown extends Error {
  override readonly name = 'Unknown';
}

/** @throws what it is given, unless that says that nobody has the key */
function noneIfUnknown(error: unknown): undefined {
  if (!(error instanceof Unknown)) throw error;
}

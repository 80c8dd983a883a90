import type { Principal } from '../access/principal.ts';
import type { Option, TestResult } from '../sdk/index.ts';
import { configure, MASK, type Rename, rename, secretNames } from './configure.ts';
import { type Disconnect, disconnect } from './disconnect.ts';
import { type Health, healthOf, healthsOf } from './health.ts';
import type { Integration } from './integration-store.ts';
import { type ActionRequest, loadOptions, type Performed, performAction } from './perform.ts';
import { remove } from './remove.ts';
import type { ServiceParts } from './service-parts.ts';
import { isOutdated, settingsOrStored } from './settings.ts';
import { testConnection, trySettings } from './test-connection.ts';

/** The short form of {@link Health}. */
export interface Status {
  readonly status: Integration['status'];
  readonly enabled: boolean;
  readonly state: Health['state'];
  readonly reasonCode: string | null;
  readonly reason: string | null;
  readonly nextStep: string | null;
  readonly account: string | null;
  readonly syncing: boolean;
  readonly counts: Integration['counts'];
  readonly lastTestedAt: Date | null;
  readonly lastSyncedAt: Date | null;
  readonly lastEventAt: Date | null;
}

interface Settings {
  readonly plain: Integration['config'];
  readonly stored: readonly string[];
}

/** What can be done with an integration once it is there; each step has its file. All throw NotFound for one of another store. */
export class Integrations {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** The settings of each as they may be shown, by id: secrets are masked. */
  async maskedSettings(integrations: readonly Integration[]): Promise<ReadonlyMap<string, Integration['config']>> {
    const sealed = await this.#parts.integrationLists.configSecrets(integrations);
    const masked = integrations.map(async (one) => {
      const { plain, stored } = await this.#settings(one, sealed.get(one.id) ?? {});
      const { config } = this.#parts.plugins.get(one.pluginId)?.plugin.manifest ?? {};
      // A field that became secret with a newer plugin is not shown either.
      const secret = [...(config ? secretNames(config) : []).filter((name) => name in plain), ...stored];
      return [one.id, { ...plain, ...Object.fromEntries(secret.map((name) => [name, MASK])) }] as const;
    });
    return new Map(await Promise.all(masked));
  }

  /** The settings as the plugin that runs reads them, and the names of the secret ones that have a value. */
  async settings(integration: Integration): Promise<Settings> {
    return this.#settings(integration, await this.#parts.store.configSecrets(integration.storeId, integration.id));
  }

  async #settings(integration: Integration, sealed: Readonly<Record<string, string>>): Promise<Settings> {
    const { vault, plugins } = this.#parts;
    const { storeId, id, pluginId } = integration;
    const plugin = plugins.get(pluginId);
    if (!plugin || !isOutdated(plugin, integration)) return { plain: integration.config, stored: Object.keys(sealed) };
    const opened = await vault.openAll({ store: storeId, owner: id }, sealed);
    const { plain, secret } = settingsOrStored(plugin, integration, opened);
    return { plain, stored: Object.keys(secret) };
  }

  async configure(storeId: string, id: string, values: unknown, principal: Principal): Promise<Integration> {
    return configure(this.#parts, await this.#get(storeId, id), values, principal);
  }

  /** Name, description, switched on or off. */
  async rename(storeId: string, id: string, change: Rename, principal: Principal): Promise<Integration> {
    return rename(this.#parts, await this.#get(storeId, id), change, principal);
  }

  async test(storeId: string, id: string, principal: Principal): Promise<TestResult> {
    return testConnection(this.#parts, await this.#get(storeId, id), principal);
  }

  /** As {@link test}, with settings that are not saved yet. */
  async trySettings(storeId: string, id: string, tried: { values: unknown; principal: Principal }): Promise<TestResult> {
    return trySettings(this.#parts, await this.#get(storeId, id), tried);
  }

  async disconnect(storeId: string, id: string, wanted: Disconnect): Promise<Integration> {
    return disconnect(this.#parts, await this.#get(storeId, id), wanted);
  }

  /** One that has ended leaves the lists. */
  async remove(storeId: string, id: string, principal: Principal): Promise<void> {
    return remove(this.#parts, await this.#get(storeId, id), principal);
  }

  async options(storeId: string, id: string, name: string, draft: Readonly<Record<string, unknown>> = {}): Promise<Option[]> {
    return loadOptions(this.#parts, await this.#get(storeId, id), { name, draft });
  }

  async action(storeId: string, id: string, wanted: ActionRequest): Promise<Performed> {
    return performAction(this.#parts, await this.#get(storeId, id), wanted);
  }

  async health(storeId: string, id: string): Promise<Health> {
    return healthOf(this.#parts, await this.#get(storeId, id));
  }

  /** Of integrations as they have just been read, by id. */
  healths(integrations: readonly Integration[]): Promise<ReadonlyMap<string, Health>> {
    return healthsOf(this.#parts, integrations);
  }

  async status(storeId: string, id: string): Promise<Status> {
    const integration = await this.#get(storeId, id);
    const { state, reason, nextStep, syncs } = await healthOf(this.#parts, integration);
    const { status, enabled, counts, account } = integration;
    return {
      status,
      enabled,
      state,
      reasonCode: integration.reasonCode ?? null,
      reason,
      nextStep,
      account: account?.label ?? null,
      syncing: syncs.running > 0,
      counts,
      lastTestedAt: integration.lastTestedAt ?? null,
      lastSyncedAt: integration.lastSyncedAt ?? null,
      lastEventAt: integration.lastEventAt ?? null,
    };
  }

  #get(storeId: string, id: string): Promise<Integration> {
    return this.#parts.store.get(storeId, id);
  }
}

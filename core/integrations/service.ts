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

/** An integration as it may be shown: secrets are masked. */
export interface IntegrationView extends Omit<Integration, 'storeId' | 'webhookKey' | 'webhookSubscription'> {
  /** Where the provider reports changes; undefined for a plugin without webhooks. */
  readonly webhookUrl: string | undefined;
}

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

/** What can be done with an integration once it is there; each step has its file. All throw NotFound for one of another store. */
export class Integrations {
  readonly #parts: ServiceParts;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  async view(integration: Integration): Promise<IntegrationView> {
    const { storeId, webhookKey: _, webhookSubscription: __, ...shown } = integration;
    const plugin = this.#parts.plugins.get(integration.pluginId)?.plugin;
    const { plain: settings, stored } = await this.settings(integration);
    const masked = stored.map((name) => [name, MASK] as const);
    // A field that became secret with a newer plugin is not shown either.
    const secret = new Set(plugin ? secretNames(plugin.manifest.config) : []);
    const plain = Object.entries(settings).map(([name, value]) => [name, secret.has(name) ? MASK : value] as const);
    const webhook = plugin?.handlers.webhook;
    const webhookUrl = webhook && this.#parts.subscriptions.urlOf(integration, webhook.scope);
    return { ...shown, config: Object.fromEntries([...plain, ...masked]), webhookUrl };
  }

  /** The settings as the plugin that runs reads them, and the names of the secret ones that have a value. */
  async settings(integration: Integration): Promise<{ plain: Integration['config']; stored: readonly string[] }> {
    const { store, vault, plugins } = this.#parts;
    const { storeId, id, pluginId } = integration;
    const plugin = plugins.get(pluginId);
    const sealed = await store.configSecrets(storeId, id);
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

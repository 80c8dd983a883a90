import type { Audit } from '../access/audit.ts';
import type { AuditReads } from '../access/audit-reads.ts';
import type { Secrets } from '../egress/client.ts';
import { splitSecrets } from '../plugins/form-check.ts';
import type { Registry, RunnablePlugin } from '../plugins/registry.ts';
import { type Account, type Ctx, hubError } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import { needsReconnect, needsSettings } from './attention.ts';
import type { CredentialStore } from './credential-store.ts';
import { notActive, whyInactive } from './integration.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';
import { budgetKey, type LinkFor, type Links, type OpenLink } from './links.ts';
import { type NewCredential, shownSecrets } from './new-credential.ts';
import { type Settings, settingsFor, settingsOrStored } from './settings.ts';
import type { Tokens } from './tokens.ts';
import { webhookAddress } from './webhook-address.ts';

export interface ContextsOptions {
  readonly links: Links;
  readonly plugins: Pick<Registry, 'require'>;
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly tokens: Pick<Tokens, 'accessToken'>;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly publicUrl: string;
  /** Told of every time a kept credential is opened. */
  readonly reads?: Pick<AuditReads, 'note'>;
}

export interface ContextFor {
  readonly signal?: AbortSignal;
  /** For each call into the plugin; default 60 s. */
  readonly timeoutMs?: number;
  readonly priority?: 'interactive' | 'background';
  /** Also open one that needs attention or is switched off: to test, mend or end it. */
  readonly evenIfInactive?: boolean;
  /** The secrets of its settings, sealed, by whoever read them with it. */
  readonly configSecrets?: Readonly<Record<string, string>>;
  /** Settings that are tried instead of the kept ones, secrets included. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A connection that is being made: {@link LinkFor} with a credential that is not kept yet. */
export interface TrialFor extends Omit<LinkFor, 'secrets' | 'method'> {
  readonly credential: NewCredential;
}

/** What it takes to call an integration's plugin. Keep it to the end of the request or job: a swap does not disturb it. */
export interface OpenContext extends Omit<OpenLink, 'link'> {
  readonly ctx: Ctx;
}

/** The one door to plugin code: opens secrets, builds what handlers are given, and makes sense of what they throw. */
export class Contexts {
  readonly #parts: ContextsOptions;

  constructor(parts: ContextsOptions) {
    this.#parts = parts;
  }

  /** With a credential that is not kept yet, for `identify`. */
  link(options: TrialFor): OpenLink {
    const { credential, ...rest } = options;
    const secrets = async () => shownSecrets(credential);
    const open = this.#parts.links.open({ ...rest, method: credential.method, secrets });
    open.hide(Object.values(credential.secrets));
    return open;
  }

  /** The same once the account is known: the test that comes before anything is kept. */
  trial(options: TrialFor & { readonly account: Account; readonly config: unknown }): OpenContext {
    const { account, config, ...rest } = options;
    const { link, ...open } = this.link({ ...rest, vars: account.vars });
    return { ...open, ctx: { ...link, account, config } };
  }

  /**
   * @throws Rejected (`INTEGRATION_NOT_ACTIVE`) unless it is active and switched on, NotFound or HubError
   * (`PLUGIN_UNAVAILABLE`) when its plugin is not there. A ReconnectNeeded thrown inside `run` also flags the integration.
   */
  async forIntegration(integration: Integration, options: ContextFor = {}): Promise<OpenContext> {
    const { evenIfInactive = false, config: tried, configSecrets, ...rest } = options;
    const account = accountOf(integration, evenIfInactive);
    const plugin = this.#parts.plugins.require(integration.pluginId);
    const hidden = await this.#configSecrets(integration, configSecrets);
    const use = { purpose: 'a call' };
    const secrets = this.#secrets(integration, (opened) => open.hide(opened));
    const { link, ...open } = this.#parts.links.open({
      ...rest,
      plugin,
      method: integration.method,
      budget: budgetKey({ ...integration, plugin, account }),
      vars: account.vars,
      secrets: (refused) => {
        this.#parts.reads?.note(integration.storeId, integration.id, use.purpose);
        return secrets(refused);
      },
      fields: { store: integration.storeId, integration: integration.id },
    });
    open.hide([...Object.values(hidden), ...triedSecrets(plugin, tried)]);
    const { plain, secret } = evenIfInactive
      ? settingsOrStored(plugin, integration, hidden)
      : await this.#settings(plugin, integration, hidden);
    const config = { ...configDefaults(plugin), ...(tried ?? { ...plain, ...secret }) };
    const { webhook } = open.handlers;
    const called = webhook && { webhookUrl: webhookAddress(this.#parts.publicUrl, integration, webhook) };
    return {
      ...open,
      ctx: { ...link, account, config, ...called },
      run: (fn, handler) => {
        use.purpose = handler ?? use.purpose;
        return this.#flagging(integration, () => open.run(fn, handler));
      },
    };
  }

  /** Settings that cannot be taken over are the owner's to mend: the integration says so and rests. */
  async #settings(plugin: RunnablePlugin, integration: Integration, hidden: Record<string, string>): Promise<Settings> {
    try {
      return settingsFor(plugin, integration, hidden);
    } catch (error) {
      const message = hubError(error)?.message ?? String(error);
      await this.#parts.store.transaction((sql) => needsSettings(this.#parts, integration, message, sql));
      throw error;
    }
  }

  async #configSecrets({ storeId, id }: Integration, read: ContextFor['configSecrets']): Promise<Record<string, string>> {
    return this.#parts.vault.openAll({ store: storeId, owner: id }, read ?? (await this.#parts.store.configSecrets(storeId, id)));
  }

  #secrets(integration: Integration, hide: (secrets: string[]) => void): (refused?: Secrets) => Promise<Secrets> {
    if (integration.method === 'manual') {
      let fields: Promise<Secrets> | undefined;
      return () => {
        fields ??= this.#fields(integration, hide);
        return fields;
      };
    }
    return async (refused) => {
      const accessToken = await this.#parts.tokens.accessToken(integration, { renew: refused?.['accessToken'] });
      hide([accessToken]);
      return { accessToken };
    };
  }

  async #fields({ storeId, id, name }: Integration, hide: (secrets: string[]) => void): Promise<Secrets> {
    const credential = await this.#parts.credentials.get({ storeId, integrationId: id });
    if (!credential) throw notActive(`${name} is not connected; connect it again.`);
    const fields = await this.#parts.vault.openAll({ store: storeId, owner: id }, credential.secrets);
    hide(Object.values(fields));
    return fields;
  }

  async #flagging<T>(integration: Integration, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      const known = hubError(error);
      if (known?.consequence === 'reconnect-needed') {
        await this.#parts.store.transaction((sql) => needsReconnect(this.#parts, integration, known.message, sql));
      }
      throw error;
    }
  }
}

/** What the config form fills in by itself. */
export function configDefaults(plugin: RunnablePlugin): Record<string, unknown> {
  const fields = Object.entries(plugin.plugin.manifest.config.properties);
  return Object.fromEntries(fields.flatMap(([name, { default: value }]) => (value === undefined ? [] : [[name, value]])));
}

function triedSecrets({ plugin }: RunnablePlugin, tried: Readonly<Record<string, unknown>> = {}): string[] {
  return Object.values(splitSecrets(plugin.manifest.config, tried).secret);
}

function accountOf(integration: Integration, evenIfInactive: boolean): Account {
  const { status, account } = integration;
  const open = evenIfInactive && status !== 'pending' && status !== 'disconnected';
  const why = open ? undefined : whyInactive(integration);
  if (account && why === undefined) return account;
  throw notActive(why ?? `${integration.name} is not connected yet; connect it first.`);
}

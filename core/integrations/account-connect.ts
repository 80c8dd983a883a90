import { randomBytes } from 'node:crypto';
import { v7 } from 'uuid';
import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Sql } from '../database/transaction.ts';
import type { EgressRoutes } from '../egress/routes.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import type { SandboxHost } from '../plugins/sandbox.ts';
import { type Account, Rejected, type TestResult } from '../sdk/index.ts';
import type { Vault } from '../vault/secret.ts';
import { accountTarget, type Wanted } from './account-target.ts';
import { type Contexts, configDefaults } from './context.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';
import { whereTo } from './links.ts';
import type { NewCredential } from './new-credential.ts';
import { firstTest, identify } from './proof.ts';
import { configVersionOf, settingsOrStored } from './settings.ts';
import { stopOf } from './stop.ts';
import type { Subscriptions } from './subscriptions.ts';

export interface ChangedSettings {
  /** As it is now. */
  readonly integration: Integration;
  readonly before: Integration['config'];
  readonly principal: Principal;
}

/** What the rest of the hub does when a connection begins to work or is set up. All run inside the transaction that keeps it. */
export interface ConnectHooks {
  /** After every successful connect or reconnect: queue the first syncs, unless they wait for its settings to be saved. */
  onConnected?(integration: Integration, sql: Sql, how: { readonly settingsFirst: boolean }): Promise<unknown>;
  /** Its settings were saved: they may choose other records now. */
  onConfigured?(changed: ChangedSettings, sql: Sql): Promise<unknown>;
  /** An integration that could not work can work again: release what waited for it. */
  onReady?(integration: Integration, sql: Sql): Promise<unknown>;
}

export interface AccountConnectOptions {
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly contexts: Contexts;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly routes: Pick<EgressRoutes, 'resolve'>;
  readonly sandbox: Pick<SandboxHost, 'hostFor'>;
  readonly subscriptions: Pick<Subscriptions, 'begin'>;
  readonly hooks: ConnectHooks;
}

/** A credential a person brought, and what it shall become. */
export interface Attempt {
  readonly storeId: string;
  readonly principal: Principal;
  readonly plugin: RunnablePlugin;
  readonly credential: NewCredential;
  /** What `identify` is told. */
  readonly grant: Readonly<Record<string, unknown>>;
  /** Reconnect this one and no other. */
  readonly integrationId?: string | undefined;
  readonly name?: string | undefined;
  /** Somebody sets up a new one page by page: where there is something to choose, nothing is synced before it was chosen. */
  readonly settingsFirst?: boolean | undefined;
}

export interface Connected {
  readonly integration: Integration;
  /** False: an integration of this account was there and works again. */
  readonly created: boolean;
  /** What the test said that came before it was kept. */
  readonly test: TestResult;
}

interface Proven extends Attempt {
  readonly account: Account;
  readonly tested: TestResult;
}

/** How both ways to connect end: find out whose credential it is, prove that it works, only then keep it. */
export class AccountConnect {
  readonly #parts: AccountConnectOptions;

  constructor(parts: AccountConnectOptions) {
    this.#parts = parts;
  }

  /** @throws Rejected, TryLater or PluginFault; nothing is kept then and what was there is as it was */
  async connect(attempt: Attempt): Promise<Connected> {
    const { contexts } = this.#parts;
    const { expiresAt, ...account } = await identify(contexts, attempt);
    const prior = await accountTarget(this.#parts.store, wantedBy(attempt, account));
    const tested = await firstTest(contexts, attempt, {
      account,
      config: prior && settingsOrStored(attempt.plugin, prior).plain,
    });
    const ends = attempt.credential.method === 'manual' && expiresAt ? new Date(expiresAt) : attempt.credential.expiresAt;
    const connected = await this.#keep({ ...attempt, account, tested, credential: { ...attempt.credential, expiresAt: ends } });
    return { ...connected, test: tested, integration: await this.#parts.subscriptions.begin(connected.integration) };
  }

  async #keep(proven: Proven): Promise<Omit<Connected, 'test'>> {
    const { store, hooks, audit } = this.#parts;
    const { storeId, plugin, account, principal } = proven;
    return store.transaction(async (sql) => {
      // Two people connecting the same account at once: the second one finds what the first one made.
      const key = `connect:${storeId}:${plugin.id}:${account.externalId}`;
      await sql.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
      const prior = await accountTarget(store, wantedBy(proven, account), sql);
      const integration = await this.#write(sql, proven, prior);
      await this.#seal(sql, integration, proven.credential);
      if (integration.status === 'active') {
        if (prior) await hooks.onReady?.(integration, sql);
        await hooks.onConnected?.(integration, sql, { settingsFirst: !prior && waitsForSettings(proven) });
      }
      const action = prior ? 'integration.reconnect' : 'integration.connect';
      const detail = { plugin: plugin.id, account: account.label, method: proven.credential.method };
      await audit.record({ storeId, principal, action, target: integration.id, detail }, sql);
      return { integration, created: !prior };
    });
  }

  async #write(sql: Sql, proven: Proven, prior: Integration | undefined): Promise<Integration> {
    const { store } = this.#parts;
    const { storeId, plugin, account, tested, credential } = proven;
    const now = new Date();
    const stop = prior && stopOf(prior);
    const state = {
      ...(stop ?? ({ status: 'active', enabled: true, reasonCode: null, message: null } as const)),
      method: credential.method,
      account,
      counts: { ...prior?.counts, ...tested.counts },
      sandbox: this.#isSandbox(plugin, account),
      connectedAt: now,
      lastTestedAt: now,
      removedAt: null,
    } as const;
    const name = checkedName(proven.name) ?? prior?.name ?? account.label.slice(0, 100);
    if (prior) return store.update(storeId, prior.id, { ...state, name }, sql);
    return store.insert(sql, {
      ...state,
      id: v7(),
      storeId,
      pluginId: plugin.id,
      name: await this.#freeName(sql, { storeId, pluginId: plugin.id, name }),
      config: configDefaults(plugin),
      configVersion: configVersionOf(plugin),
      webhookKey: randomBytes(24).toString('base64url'),
    });
  }

  async #seal(sql: Sql, { storeId, id }: Integration, credential: NewCredential): Promise<void> {
    const { method, grantedScopes, expiresAt } = credential;
    const secrets = await this.#parts.vault.sealAll({ store: storeId, owner: id }, credential.secrets);
    await this.#parts.credentials.put(sql, { storeId, integrationId: id, method, secrets, grantedScopes, expiresAt });
  }

  async #freeName(sql: Sql, { storeId, pluginId, name }: { storeId: string; pluginId: string; name: string }): Promise<string> {
    const taken = new Set((await this.#parts.store.list({ storeId, pluginId }, sql)).map((other) => other.name));
    let free = name;
    for (let count = 2; taken.has(free); count += 1) free = `${name} (${count})`;
    return free;
  }

  #isSandbox(plugin: RunnablePlugin, account: Account): boolean {
    const { routes, sandbox } = this.#parts;
    const api = new URL(whereTo(plugin.plugin.manifest, account.vars ?? {}).baseUrl);
    const base = sandbox.hostFor(api.host, plugin.id);
    return base !== undefined && routes.resolve(api, plugin.id).href.startsWith(base);
  }
}

/** @throws Rejected when it is too long; undefined when it is blank */
export function checkedName(name: string | undefined): string | undefined {
  const given = name?.trim();
  if (!given) return undefined;
  if (given.length <= 100) return given;
  const message = 'Use a name of at most 100 characters.';
  throw new Rejected(message, { fields: [{ pointer: '/name', message }] });
}

function wantedBy({ storeId, plugin, integrationId, credential }: Attempt, account: Account): Wanted {
  return { storeId, pluginId: plugin.id, account, method: credential.method, integrationId };
}

function waitsForSettings({ settingsFirst, plugin }: Attempt): boolean {
  return settingsFirst === true && Object.keys(plugin.plugin.manifest.config.properties).length > 0;
}

import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { Audit } from '../../core/access/audit.ts';
import { MembershipStore } from '../../core/access/membership-store.ts';
import type { Principal } from '../../core/access/principal.ts';
import { Stores } from '../../core/access/stores.ts';
import { type Sql, sqlOf } from '../../core/database/transaction.ts';
import { Budgets } from '../../core/egress/budget.ts';
import { Egress } from '../../core/egress/client.ts';
import { EgressRoutes } from '../../core/egress/routes.ts';
import { AccountConnect } from '../../core/integrations/account-connect.ts';
import { Connect } from '../../core/integrations/connect.ts';
import { Contexts } from '../../core/integrations/context.ts';
import { CredentialEntity } from '../../core/integrations/credential-entity.ts';
import { CredentialStore } from '../../core/integrations/credential-store.ts';
import { Effects } from '../../core/integrations/effects.ts';
import { HealthStore } from '../../core/integrations/health-store.ts';
import { IntegrationEntity } from '../../core/integrations/integration-entity.ts';
import { IntegrationListStore } from '../../core/integrations/integration-list-store.ts';
import { type Integration, IntegrationStore } from '../../core/integrations/integration-store.ts';
import { Links } from '../../core/integrations/links.ts';
import { OAuthConsent } from '../../core/integrations/oauth-consent.ts';
import { OAuthRequestEntity } from '../../core/integrations/oauth-request-entity.ts';
import { OAuthRequestStore } from '../../core/integrations/oauth-request-store.ts';
import { Refresher } from '../../core/integrations/refresher.ts';
import { Renewals } from '../../core/integrations/renewals.ts';
import { Revocation } from '../../core/integrations/revocation.ts';
import { Integrations } from '../../core/integrations/service.ts';
import { SubscriptionStore } from '../../core/integrations/subscription-store.ts';
import { Subscriptions } from '../../core/integrations/subscriptions.ts';
import { Tokens, type TokensOptions } from '../../core/integrations/tokens.ts';
import { createLog } from '../../core/log.ts';
import { FormChecker } from '../../core/plugins/form-check.ts';
import type { RunnablePlugin, Template } from '../../core/plugins/registry.ts';
import { RecordStore } from '../../core/records/record-store.ts';
import { NotFound } from '../../core/sdk/index.ts';
import { KeyRing } from '../../core/vault/key-ring.ts';
import { Vault } from '../../core/vault/secret.ts';
import { CLIENT, type FakeOAuthProvider } from './fake-oauth-provider.ts';

export const INTEGRATION_ENTITIES = [IntegrationEntity, CredentialEntity, OAuthRequestEntity];
export const PUBLIC_URL = 'https://hub.example.com';

export interface RoomOptions {
  readonly dataSource: DataSource;
  readonly provider: FakeOAuthProvider;
  /** Asked anew by every call, so that a test may swap it. */
  readonly plugin: () => RunnablePlugin;
  readonly app?: Readonly<Record<string, string>>;
  readonly template?: () => Partial<Template>;
  readonly tokens?: Pick<TokensOptions, 'leaseMs' | 'lastCallMs' | 'waitMs'>;
  /** The same keys in several rooms: several hosts of one hub. */
  readonly vault?: Vault;
}

export type Room = ReturnType<typeof integrationsRoom>;

/** The integrations room wired as `createApp` does it, with a fake plugin and a provider on loopback. */
export function integrationsRoom(options: RoomOptions) {
  const { dataSource, provider } = options;
  const log = createLog('silent');
  const sql = sqlOf(dataSource);
  const vault = options.vault ?? new Vault(new KeyRing([{ kid: 't', key: randomBytes(32) }]));
  const routes = new EgressRoutes({ egressMap: provider.map });
  const egress = new Egress({ routes, allowPrivate: [], log, budgets: new Budgets({ dataSource }) });
  const store = new IntegrationStore(dataSource);
  const credentials = new CredentialStore(dataSource);
  const audit = new Audit(sql);
  const plugins = fakePlugins(options);
  const appFields = () => options.app ?? CLIENT;
  const links = new Links({ egress, log, appFields });
  const refresher = new Refresher({ egress, links, plugins, appFields });
  const tokens = new Tokens({ store, credentials, vault, refresher, audit, log, ...options.tokens });
  const renewals = new Renewals({ store, credentials, plugins, audit, log });
  const contexts = new Contexts({ links, plugins, store, credentials, tokens, vault, audit, publicUrl: PUBLIC_URL });
  const calls: { hook: string; id: string; stream?: string }[] = [];
  const hooks = {
    onConnected: async ({ id }: Integration) => void calls.push({ hook: 'connected', id }),
    onReady: async ({ id }: Integration) => void calls.push({ hook: 'ready', id }),
    onDisconnected: async ({ id }: Integration) => void calls.push({ hook: 'disconnected', id }),
  };
  const requestSync = async (_: Sql, { id }: Integration, stream: string) => void calls.push({ hook: 'sync', id, stream });
  const records = new RecordStore(dataSource);
  const subscriptionStore = new SubscriptionStore(dataSource);
  const subscriptions = new Subscriptions({ store, subscriptionStore, contexts, vault, publicUrl: PUBLIC_URL, log });
  const effects = new Effects({ store, credentials, records, plugins, audit, requestSync, hooks });
  const sandbox = { hostFor: () => undefined };
  const accounts = new AccountConnect({ store, credentials, contexts, vault, audit, routes, sandbox, subscriptions, hooks });
  const requests = new OAuthRequestStore(dataSource);
  const consent = new OAuthConsent({ egress, links, requests, vault, appFields, browserRoutes: routes, publicUrl: PUBLIC_URL });
  const forms = new FormChecker();
  const stores = new Stores(new MembershipStore(dataSource));
  const connect = new Connect({ plugins, store, stores, forms, accounts, consent, audit });
  const revocation = new Revocation({ egress, plugins, credentials, vault, appFields });
  const healthStore = new HealthStore(dataSource);
  const integrations = new Integrations({
    store,
    integrationLists: new IntegrationListStore(dataSource),
    credentials,
    contexts,
    vault,
    audit,
    forms,
    plugins,
    records,
    effects,
    subscriptions,
    subscriptionStore,
    revocation,
    healthStore,
    hooks,
  });
  return {
    sql,
    vault,
    egress,
    store,
    credentials,
    audit,
    links,
    tokens,
    renewals,
    contexts,
    connect,
    integrations,
    effects,
    records,
    calls,
  };
}

function fakePlugins({ plugin, template }: RoomOptions) {
  const find = (id: string): RunnablePlugin => {
    if (id === plugin().id) return plugin();
    throw new NotFound(`There is no plugin "${id}".`);
  };
  return {
    require: find,
    templates: () => [{ id: plugin().id, loaded: plugin() } as Template],
    get: (id: string) => (id === plugin().id ? plugin() : undefined),
    template: (id: string) =>
      id === plugin().id || template?.().id === id
        ? ({ id, state: 'ready', active: true, name: 'Acme', ...template?.() } as Template)
        : undefined,
  };
}

/** A store of its own, and its owner. */
export async function newStore(dataSource: DataSource): Promise<{ store: { id: string; slug: string }; owner: Principal }> {
  const sql = sqlOf(dataSource);
  const [id, userId] = [v7(), v7()];
  const slug = `store-${id.slice(-12)}`;
  const email = `owner-${userId}@example.com`;
  await sql.query('insert into stores (id, slug, name) values ($1, $2, $2)', [id, slug]);
  await sql.query('insert into users (id, email, password_hash) values ($1, $2, $3)', [userId, email, 'none']);
  await sql.query(`insert into memberships (store_id, user_id, role) values ($1, $2, 'owner')`, [id, userId]);
  const scopes = ['read', 'sync', 'write'] as const;
  return { store: { id, slug }, owner: { kind: 'session', userId, email, operator: false, sessionId: 's-1', scopes } };
}

/** Somebody of this database waits for whoever has the records of a stream. */
export async function isWaitedFor(sql: Sql): Promise<boolean> {
  const rows = await sql.query(
    `select from pg_locks where locktype = 'advisory' and not granted
       and database = (select oid from pg_database where datname = current_database())`,
  );
  return rows.length > 0;
}

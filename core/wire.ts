import type { AuditReads } from './access/audit-reads.ts';
import type { Config } from './config.ts';
import { Jobs } from './database/jobs.ts';
import { Egress } from './egress/client.ts';
import { EgressRoutes } from './egress/routes.ts';
import { InboxWorker } from './inbox/handle.ts';
import { Intake } from './inbox/intake.ts';
import { Listener } from './inbox/listener.ts';
import { OWNERS_CHANNEL } from './inbox/owners.ts';
import { ReplayStore } from './inbox/replay-store.ts';
import { Replays } from './inbox/replays.ts';
import { AccountConnect, type ConnectHooks } from './integrations/account-connect.ts';
import { Connect } from './integrations/connect.ts';
import { Contexts } from './integrations/context.ts';
import { Effects } from './integrations/effects.ts';
import type { DisconnectHooks } from './integrations/end-connection.ts';
import { Links } from './integrations/links.ts';
import { OAuthConsent } from './integrations/oauth-consent.ts';
import { Refresher } from './integrations/refresher.ts';
import { Renewals } from './integrations/renewals.ts';
import { Revocation } from './integrations/revocation.ts';
import { Integrations } from './integrations/service.ts';
import { Subscriptions, type SubscriptionsOptions } from './integrations/subscriptions.ts';
import { Tokens } from './integrations/tokens.ts';
import { WishStore } from './integrations/wish-store.ts';
import { Wishes, type WishParts } from './integrations/wishes.ts';
import type { Log } from './log.ts';
import { SyncEngine } from './syncs/engine.ts';
import { RecordEdits } from './syncs/record-edits.ts';
import { Scheduler } from './syncs/schedule.ts';
import { Syncs } from './syncs/syncs.ts';
import type { RingWatch } from './vault/ring-watch.ts';
import type { Services } from './web/services.ts';
import { wireApi } from './wire-api.ts';
import { wireKeys, wireRingWatch } from './wire-keys.ts';
import { wireMail } from './wire-mail.ts';
import { wireNotices, wireOccurrenceNews } from './wire-notices.ts';
import { wirePeople } from './wire-people.ts';
import { type WireInput, wirePluginNews, wirePlugins } from './wire-plugins.ts';
import { wirePrivacy, wireReads } from './wire-privacy.ts';
import { wireAccess, wireStores } from './wire-stores.ts';

/** What the rest of the hub does when a connection begins, changes or ends. */
type Hooks = ConnectHooks & DisconnectHooks & Pick<SubscriptionsOptions, 'onSubscribed'>;

/** All rooms, made by hand and handed to each other. Nothing runs yet. */
export interface Hub {
  readonly services: Services;
  readonly jobs: Jobs;
  readonly egress: Egress;
  readonly tokens: Tokens;
  readonly renewals: Renewals;
  readonly ringWatch: RingWatch;
  readonly reads: AuditReads;
  /** What brings changes made on other hosts into view here. */
  readonly news: readonly Listener[];
}

export function wire(input: WireInput): Hub {
  const { config, log, dataSource, databaseUrl, gatherMs } = input;
  const jobs = new Jobs({ url: databaseUrl, log, worker: config.roles.includes('worker') });
  const secrets = wireSecrets(input);
  const plugins = wirePlugins(input, secrets);
  const access = wireAccess(dataSource);
  const base = { ...plugins, ...access, ...wireStores(dataSource, log), ...secrets, log };
  const calls = wireCalls(base, config);
  const { contexts, egress, tokens } = calls;
  const syncs = wireSyncs(base, contexts, jobs);
  base.outages.onEnded = (pluginId) => syncs.resume({ pluginId });
  const requestSync: ConstructorParameters<typeof Effects>[0]['requestSync'] = (sql, integration, stream, trigger) =>
    syncs.request({ integration, stream, trigger }, sql);
  const ending: DisconnectHooks = { onDisconnected: (integration, sql) => syncs.stop(integration, sql) };
  const effects = new Effects({ ...base, store: base.integrationStore, plugins: base.registry, requestSync, hooks: ending });
  const inbox = new InboxWorker({ ...base, integrations: base.sharedReads, contexts, effects, databaseUrl });
  const hooks = wireHooks({ ...base, inbox, syncs }, ending);
  const intake = new Intake({ ...base, integrations: base.integrationStore });
  const integrations = wireIntegrations({ base, calls, effects, hooks, config });
  const mail = wireMail({ ...base, config, dataSource, jobs });
  const notices = wireNotices({ ...base, ...integrations, ...mail, egress, config, dataSource, jobs, gatherMs });
  const services = {
    ...base,
    config,
    dataSource,
    syncs,
    inbox,
    intake,
    replays: new Replays({ replays: new ReplayStore(dataSource), integrations: base.integrationStore, contexts }),
    tokens,
    ...integrations,
    ...mail,
    ...wireWishes({ ...base, ...mail, dataSource, jobs, publicUrl: config.publicUrl }),
    ...notices,
    ...wirePeople({ ...base, ...mail, config, dataSource }),
    ...wireApi({ ...base, ...integrations, syncs, jobs, dataSource, config, ...notices }),
    ...wirePrivacy({ ...base, ...integrations, jobs, dataSource, databaseUrl }),
  };
  const renewals = new Renewals({ ...base, store: base.integrationStore, plugins: base.registry });
  const news = [wirePluginNews(input, plugins), wireOwnerNews(input, intake), wireOccurrenceNews(input, notices.notices)];
  return { services, jobs, egress, tokens, renewals, ringWatch: wireRingWatch(base, config, log), reads: base.reads, news };
}

function wireHooks({ inbox, events, syncs }: Pick<Services, 'inbox' | 'events' | 'syncs'>, ending: DisconnectHooks): Hooks {
  return {
    ...ending,
    onConnected: async (integration, sql, { settingsFirst }) => {
      await inbox.matchUnmatched(integration, sql);
      if (!settingsFirst) await syncs.request({ integration, trigger: 'initial' }, sql);
    },
    onConfigured: ({ principal, ...changed }, sql) => syncs.follow({ ...changed, requestedBy: principal.email }, sql),
    onReady: async (integration, sql) => {
      await events.release(integration.storeId, integration.id, sql);
      // Its provider answered with what it has now.
      await syncs.resume({ pluginId: integration.pluginId, only: integration }, sql);
    },
    onSubscribed: (integration) => inbox.matchUnmatched(integration),
  };
}

function wireWishes({ dataSource, ...parts }: Omit<WishParts, 'wishes'> & Pick<WireInput, 'dataSource'>) {
  const wishList = new WishStore(dataSource);
  const wishes = new Wishes({ ...parts, wishes: wishList });
  wishes.define();
  return { wishes, wishList };
}

function wireSecrets({ config, dataSource, log }: WireInput) {
  return { ...wireKeys(dataSource, config), reads: wireReads(dataSource, log) };
}

/** Tells the intake of every change of what decides where a call goes. */
function wireOwnerNews({ databaseUrl: url, log }: WireInput, { owners }: Intake): Listener {
  const [onNotify, onDeaf] = [(payload?: string) => owners.hear(payload), () => owners.deaf()];
  return new Listener({ url, channel: OWNERS_CHANNEL, onNotify, onDeaf, log });
}

type Base = ReturnType<typeof wirePlugins> &
  ReturnType<typeof wireAccess> &
  ReturnType<typeof wireStores> &
  ReturnType<typeof wireSecrets> & { readonly log: Log };

/** What it takes to call a provider. */
function wireCalls(base: Base, config: Config) {
  const { log, budgets, outages, sandbox, registry: plugins, integrationStore: store } = base;
  const { egressMap, publicUrl } = config;
  const routes = new EgressRoutes({ egressMap, sandboxBase: (host, plugin) => sandbox.hostFor(host, plugin) });
  const browserRoutes = new EgressRoutes({ egressMap, sandboxBase: (host, plugin) => sandbox.browserHostFor(host, plugin) });
  const egress = new Egress({ routes, allowPrivate: config.egressAllowPrivate, log, budgets, breaker: { watch: outages } });
  const links = new Links({ egress, log, appFields: base.appFields });
  const refresher = new Refresher({ egress, links, plugins, appFields: base.appFields });
  const tokens = new Tokens({ ...base, store, refresher });
  const contexts = new Contexts({ ...base, links, plugins, store, tokens, publicUrl });
  return { routes, browserRoutes, egress, links, tokens, contexts };
}

function wireSyncs(base: Base, contexts: Contexts, jobs: Jobs): Syncs {
  const parts = { ...base, integrations: base.integrationStore, contexts, jobs };
  const syncs = new Syncs(parts);
  new SyncEngine(parts).define();
  new Scheduler({ ...parts, syncs }).define();
  return syncs;
}

interface IntegrationsInput {
  readonly base: Base;
  readonly calls: ReturnType<typeof wireCalls>;
  readonly effects: Effects;
  readonly hooks: Hooks;
  readonly config: Config;
}

function wireIntegrations({ base, calls, effects, hooks, config: { publicUrl } }: IntegrationsInput) {
  const parts = { ...base, ...calls, effects, hooks, publicUrl, store: base.integrationStore, plugins: base.registry };
  const subscriptions = new Subscriptions({ ...parts, ...hooks });
  const accounts = new AccountConnect({ ...parts, subscriptions });
  const integrations = new Integrations({ ...parts, subscriptions, revocation: new Revocation(parts) });
  return {
    connect: new Connect({ ...parts, accounts, consent: new OAuthConsent(parts) }),
    integrations,
    recordEdits: new RecordEdits({ ...base, integrations }),
  };
}

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { createDataSource } from './database/data-source.ts';
import { migrate } from './database/migrate.ts';
import { openServer } from './database/open-server.ts';
import { createLog, type Log } from './log.ts';
import type { StrayErrors } from './plugins/stray.ts';
import { PluginWatch } from './plugins/watch.ts';
import type { RateLimits } from './web/http/rate-limit.ts';
import { createHttpServer, type HttpLimits, stopServing, takeWebhooks } from './web/server/http-server.ts';
import { createServer as createWeb } from './web/server/server.ts';
import { learnSentences } from './web/words/said.ts';
import { type Hub, wire } from './wire.ts';
import { ENTITIES } from './wire-entities.ts';

export interface App {
  readonly server: Server;
  /** Where people reach it. */
  readonly url: string;
  /** The one-time link that makes the first admin, while there is none. */
  readonly setupUrl: string | undefined;
  /** Begins to answer and to work. */
  listen(): Promise<void>;
  /** Finishes what is under way, then lets go of everything, the database last. Safe to call twice. */
  close(): Promise<void>;
}

export interface AppOptions {
  /** Told which plugins there are; for a process that is nothing but a hub. */
  readonly strays?: StrayErrors;
  /** How long connections may bring one more request once it closes. */
  readonly goodbyeMs?: number;
  /** How long a caller may take over a request. */
  readonly limits?: HttpLimits;
  /** How often callers may come in a minute. */
  readonly rates?: RateLimits;
  /** How long what breaks is gathered before anybody is told. */
  readonly gatherMs?: number;
}

type Release = () => Promise<unknown> | unknown;

/**
 * Opens the database (starting the embedded one), brings its schema up to date, loads the plugins and wires the rooms.
 * @throws Error with a sentence when the database cannot be reached; everything opened so far is closed then
 */
export async function createApp(config: Config, log: Log = createLog(config.logLevel), options: AppOptions = {}): Promise<App> {
  const releases: Release[] = [];
  const close = once(() => releaseAll(releases));
  try {
    return await open({ config, log, options, releases, close });
  } catch (error) {
    await close().catch((failure: unknown) => log.warn({ err: failure }, 'not everything could be closed'));
    throw error;
  }
}

interface Opening {
  readonly config: Config;
  readonly log: Log;
  readonly options: AppOptions;
  /** In the order of opening. */
  readonly releases: Release[];
  close(): Promise<void>;
}

async function open({ config, log, options, releases, close }: Opening): Promise<App> {
  const database = await openServer(config, log);
  releases.push(() => database.close());
  await bringUpToDate(database.url, log);
  const dataSource = createDataSource({ url: database.url, entities: ENTITIES });
  await dataSource.initialize();
  releases.push(() => dataSource.destroy());
  const server = createHttpServer(options.limits);
  const hub = wire({
    config,
    log,
    dataSource,
    databaseUrl: database.url,
    ownUrl: () => ownUrl(server, config),
    gatherMs: options.gatherMs,
  });
  const { registry, apps, accounts, setupLink, sandbox } = hub.services;
  releases.push(
    () => hub.reads.flush(),
    () => hub.egress.close(),
    () => registry.close(),
    () => sandbox.close(),
    () => hub.tokens.stop(),
  );
  // Before anything is sealed or opened, and before anything kept runs.
  await hub.ringWatch.start();
  releases.push(() => hub.ringWatch.stop());
  options.strays?.attach({ registry, log });
  const learn = (id: string) => learnSentences(id, registry.template(id)?.manifest);
  registry.onLoaded(learn);
  await Promise.all([registry.load(), apps.load()]);
  // Those whose folder is gone have said things that are kept.
  for (const { id } of registry.templates()) learn(id);
  for (const news of hub.news) {
    news.start();
    releases.push(() => news.stop());
  }
  if (config.admin) await accounts.ensureAdmin(config.admin, config.production);
  const setupPath = await setupLink.issue();
  return {
    server,
    url: config.publicUrl,
    setupUrl: setupPath && `${config.publicUrl}${setupPath}`,
    listen: () => listen({ config, log, options, hub, server, releases }),
    close,
  };
}

/** On a connection of its own: another host may take minutes to migrate, and so may a table. */
async function bringUpToDate(url: string, log: Log): Promise<void> {
  const patient = await createDataSource({ url, entities: [], poolSize: 1, queryTimeoutMs: 0 }).initialize();
  try {
    const applied = await migrate(patient);
    if (applied.length > 0) log.info({ migrations: applied }, 'schema brought up to date');
  } finally {
    await patient.destroy();
  }
}

interface Listening extends Omit<Opening, 'close'> {
  readonly hub: Hub;
  readonly server: Server;
}

async function listen({ config, log, options, hub, server, releases }: Listening): Promise<void> {
  if (config.roles.includes('web')) {
    const web = createWeb(hub.services, options.rates);
    releases.push(() => web.close());
    server.on('request', web.handler);
    takeWebhooks(server, web.desk);
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(config.port, config.host, () => done());
    });
    releases.push(
      () => stopServing(server, options),
      () => web.endStreams(),
    );
  }
  await work(config, hub, releases);
  const watch = new PluginWatch({ dirs: config.pluginDirs, registry: hub.services.registry, log });
  releases.push(() => watch.close());
  await watch.start();
}

async function work(config: Config, { services, jobs, tokens, renewals }: Hub, releases: Release[]): Promise<void> {
  jobs.define('tokens', { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => tokens.sweep());
  jobs.every('tokens', '* * * * *');
  jobs.define('renewals', { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => renewals.sweep());
  jobs.every('renewals', '* * * * *');
  const { inbox, syncs, intake, registry } = services;
  // Side by side: each may take most of the time there is.
  releases.push(() => Promise.all([inbox.stop(), jobs.stop()]));
  await jobs.start();
  if (!config.roles.includes('worker')) return;
  inbox.start();
  tokens.start();
  await syncs.recover();
  registry.onLoaded((id) => intake.verifyParked(id));
  for (const { id, state } of registry.templates()) if (state === 'ready') await intake.verifyParked(id);
}

/** Last opened, first closed; one that fails does not keep the others open. */
async function releaseAll(releases: readonly Release[]): Promise<void> {
  const failures: unknown[] = [];
  for (const release of releases.toReversed()) {
    try {
      await release();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'The hub did not close as it should.');
}

/** Where this process can be reached by itself; one that serves nothing asks the public address. */
function ownUrl(server: Server, { publicUrl }: Config): string {
  if (!server.listening) return publicUrl;
  const { address, family, port } = server.address() as AddressInfo;
  const reachable = address === '0.0.0.0' || address === '::' ? '127.0.0.1' : address;
  return `http://${family === 'IPv6' && reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

function once(action: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= action();
    return running;
  };
}

import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { Jobs } from '../../core/database/jobs.ts';
import type { Integration } from '../../core/integrations/integration-store.ts';
import { createLog } from '../../core/log.ts';
import type { RunnablePlugin, Template } from '../../core/plugins/registry.ts';
import type { Checkpoint, Handlers, Manifest, Stream } from '../../core/sdk/index.ts';
import { SyncEngine, type SyncEngineOptions } from '../../core/syncs/engine.ts';
import { SYNC_QUEUE } from '../../core/syncs/queue.ts';
import { CheckpointEntity, SyncRunEntity, SyncSeenEntity } from '../../core/syncs/run-entity.ts';
import { RunStore } from '../../core/syncs/run-store.ts';
import { RunWorkStore } from '../../core/syncs/run-work-store.ts';
import { Scheduler } from '../../core/syncs/schedule.ts';
import { ScheduleEntity } from '../../core/syncs/schedule-entity.ts';
import { ScheduleStore } from '../../core/syncs/schedule-store.ts';
import { type Run, Syncs } from '../../core/syncs/syncs.ts';
import { type TestDatabase, testDatabase } from './database.ts';
import { FakeOAuthProvider } from './fake-oauth-provider.ts';
import { ACME, acmeHandlers, acmePlugin } from './fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore } from './integrations-room.ts';

type Streams = NonNullable<Handlers['streams']>;

/** The syncs room on the real rooms below it, with a fake plugin whose streams a test sets. Jobs are sent, not run. */
async function syncRoom(db: TestDatabase, provider: FakeOAuthProvider) {
  const state: { streams: Streams; manifest: Manifest } = { streams: {}, manifest: ACME };
  const plugin = () => acmePlugin({ ...(acmeHandlers() as Handlers), streams: state.streams } as Handlers<never>, state.manifest);
  const room = integrationsRoom({ dataSource: db.dataSource, provider, plugin });
  const { store, owner } = await newStore(db.dataSource);
  const jobs = new Jobs({ url: db.url, log: createLog('silent'), worker: false });
  jobs.define(SYNC_QUEUE, { concurrency: 1 }, async () => undefined);
  await jobs.start();
  const registry = {
    get: (id: string): RunnablePlugin | undefined => (id === 'acme' ? plugin() : undefined),
    require: () => plugin(),
    templates: () => [{ id: 'acme', state: 'ready' } as Template],
  };
  const [runs, work, schedules] = [
    new RunStore(db.dataSource),
    new RunWorkStore(db.dataSource),
    new ScheduleStore(db.dataSource),
  ];
  const parts = {
    runs,
    work,
    schedules,
    records: room.records,
    integrations: room.store,
    contexts: room.contexts,
    registry,
    jobs,
    log: createLog('silent'),
  };
  const syncs = new Syncs(parts);
  const engine = (tuning: Partial<SyncEngineOptions> = {}) => new SyncEngine({ ...parts, ...tuning });
  return {
    ...room,
    state,
    storeId: store.id,
    syncs,
    engine,
    work,
    jobs,
    scheduler: new Scheduler({ ...parts, syncs }),
    /** A connected integration of the account Blue Fitness. */
    async connect(): Promise<Integration> {
      const fields = { key: 'key-acc-1-0123456789' };
      return (await room.connect.manual({ store, principal: owner, pluginId: 'acme', fields })).integration;
    },
    /** Asks for a run of `contacts` and works through it. */
    async sync(integration: Integration, more: Partial<Parameters<Syncs['request']>[0]> = {}): Promise<Run> {
      const run = await this.ask(integration, more);
      await this.execute(run);
      return this.again(run);
    },
    use(stream: Stream): void {
      state.streams = { contacts: stream };
    },
    async ask(integration: Integration, more: Partial<Parameters<Syncs['request']>[0]> = {}): Promise<Run> {
      const [run] = await syncs.request({ integration, stream: 'contacts', trigger: 'manual', ...more });
      if (!run) throw new Error('no run');
      return run;
    },
    /** Works through a run. @param hub aborted when the hub stops */
    execute(run: Run, tuning: Partial<SyncEngineOptions> = {}, hub = new AbortController().signal): Promise<void> {
      return engine(tuning).execute({ storeId: run.storeId, runId: run.id }, hub);
    },
    again: (run: Run): Promise<Run> => syncs.run(run.storeId, run.id),
    /** As if its heartbeat had been silent, or its time had come. */
    async age(run: Run): Promise<void> {
      const due = `update sync_runs set heartbeat_at = now() - interval '1 hour', run_after = now() where id = $1`;
      await room.sql.query(due, [run.id]);
    },
    async checkpoint({ id }: Integration): Promise<{ value: Checkpoint; complete: boolean } | undefined> {
      const [row] = await room.sql.query<{ value: Checkpoint; complete: boolean }>(
        'select value, complete from checkpoints where store_id = $1 and integration_id = $2',
        [store.id, id],
      );
      return row;
    },
    async recordIds(integration: Integration, stream = 'contacts'): Promise<string[]> {
      const scope = { storeId: store.id, integrationId: integration.id, stream };
      return (await room.records.list(scope, { limit: 10_000 })).records.map(({ id }) => id).sort();
    },
    async close(): Promise<void> {
      await jobs.stop();
      await room.egress.close();
    },
  };
}

export type SyncRoom = Awaited<ReturnType<typeof syncRoom>>;

interface SyncTest {
  readonly db: TestDatabase;
  readonly room: SyncRoom;
}

/** A database and a provider for the file, a room for each test; `begin` gets them before each. */
export function eachInSyncRoom(begin: (test: SyncTest) => void | Promise<void>): void {
  let db: TestDatabase;
  let provider: FakeOAuthProvider;
  let room: SyncRoom;
  beforeAll(async () => {
    db = await testDatabase({
      entities: [...INTEGRATION_ENTITIES, SyncRunEntity, SyncSeenEntity, CheckpointEntity, ScheduleEntity],
    });
    provider = await new FakeOAuthProvider().start();
  });
  afterAll(async () => {
    await provider?.close();
    await db?.close();
  });
  beforeEach(async () => {
    room = await syncRoom(db, provider);
    await begin({ db, room });
  });
  afterEach(() => room.close());
}

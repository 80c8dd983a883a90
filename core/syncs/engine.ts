import type { Jobs } from '../database/jobs.ts';
import { isConflict, isDatabaseAway } from '../database/transaction.ts';
import { isHeldBack } from '../egress/held-back.ts';
import { Lanes } from '../egress/lanes.ts';
import type { Contexts } from '../integrations/context.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Log } from '../log.ts';
import type { Registry } from '../plugins/registry.ts';
import type { RecordStore } from '../records/record-store.ts';
import { type HubError, hubError, TryLater } from '../sdk/index.ts';
import { Rechosen } from './choice.ts';
import { finish } from './finish.ts';
import { Cancelled, Pass } from './pass.ts';
import { SYNC_QUEUE, type SyncJob, sendRun } from './queue.ts';
import { type Ending, RunLost, type Work } from './run-work.ts';
import type { RunWorkStore } from './run-work-store.ts';
import { Watch } from './watch.ts';
import { cancelled, stopped } from './words.ts';

export interface SyncEngineOptions {
  readonly work: RunWorkStore;
  readonly records: RecordStore;
  readonly integrations: IntegrationStore;
  readonly contexts: Pick<Contexts, 'forIntegration'>;
  readonly registry: Pick<Registry, 'get'>;
  readonly jobs: Jobs;
  readonly log: Log;
  /** Runs at once in this process: most of their time they wait for their provider. Default 64. */
  readonly concurrency?: number;
  /** For one page. Default 2 minutes. */
  readonly pageMs?: number;
  /** Default 4 s. */
  readonly beatMs?: number;
}

const MAX_ATTEMPTS = 10;
/** So that a backlog does not return as one; more would only keep a provider waiting that has said when it is free. */
const MOST_SPREAD_SECONDS = 60;
/** pg-boss gives up an attempt after this; the run goes on in the next one. */
const ATTEMPT_SECONDS = 82_800;

/** Runs syncs. A run that stops half-way, for whatever reason, goes on after the last page that was kept. */
export class SyncEngine {
  readonly #parts: SyncEngineOptions;
  readonly #lanes = new Lanes();

  constructor(parts: SyncEngineOptions) {
    this.#parts = parts;
  }

  /** Call before the jobs start, in every process. */
  define(): void {
    const { jobs, concurrency = 64 } = this.#parts;
    // The run counts its own attempts: a job that is given back because a worker died must not run out of them.
    const options = { concurrency, retryLimit: 1_000_000, expireInSeconds: ATTEMPT_SECONDS, heartbeatSeconds: 10 };
    jobs.define<SyncJob>(SYNC_QUEUE, options, ({ data, signal }) => this.execute(data, signal));
  }

  /** Does nothing for a run that has ended. One that another worker has is looked at again when that worker may be dead. */
  async execute(job: SyncJob, hub: AbortSignal): Promise<void> {
    const taken = await this.#parts.work.take(job.storeId, job.runId);
    if ('work' in taken) return this.#run(taken.work, hub);
    // A new job and not a failed one: those come back later each time.
    if (!taken.wait) return;
    const { seconds, trigger } = taken.wait;
    await sendRun(this.#parts.jobs, { storeId: job.storeId, id: job.runId, trigger }, { startAfter: later(seconds) });
  }

  async #run(work: Work, hub: AbortSignal): Promise<void> {
    const { work: store, integrations, pageMs = 120_000, beatMs = 4000 } = this.#parts;
    const log = this.#parts.log.child({
      store: work.storeId,
      integration: work.integrationId,
      stream: work.stream,
      run: work.id,
    });
    const watch = new Watch({ work, store, hub, log, beatMs });
    let integration: Integration | undefined;
    try {
      if (work.cancelRequestedAt) throw new Cancelled();
      integration = await integrations.get(work.storeId, work.integrationId);
      const read = await new Pass({ ...this.#parts, lanes: this.#lanes, pageMs }, work, watch).read(integration);
      log.info(await finish(this.#parts, { ...read, integration }), 'sync ended');
    } catch (error) {
      const lost = error instanceof RunLost || watch.why === 'lost';
      if (!lost) await this.#settle({ work, watch, log, integration }, error);
      else log.info({}, 'this sync was ended or taken over elsewhere');
    } finally {
      watch.end();
    }
  }

  async #settle(run: Stopped, error: unknown): Promise<void> {
    try {
      await this.#end(run, error);
    } catch (failure) {
      if (!(failure instanceof RunLost)) throw failure;
      run.log.info({}, 'this sync was ended or taken over elsewhere');
    }
  }

  async #end(run: Stopped, error: unknown): Promise<void> {
    const { work, watch } = run;
    if (error instanceof Cancelled || watch.why === 'cancelled') return this.#close(run, { status: 'cancelled' });
    if (watch.why === 'hub') return this.#giveBack(run);
    if (error instanceof Rechosen) return this.#beginAgain(run);
    const known = hubError(error);
    // Nothing can be written now; the heartbeat grows stale and the run is taken up again.
    if (!known && (isDatabaseAway(error) || isConflict(error))) throw error;
    if (known?.consequence === 'try-later' && (work.attempts < MAX_ATTEMPTS || isHeldBack(known)))
      return this.#tryLater(run, known);
    run.log.warn({ err: error }, 'sync failed');
    return this.#close(run, { status: 'failed', error: known });
  }

  async #tryLater({ work, log }: Stopped, why: HubError): Promise<void> {
    const { message, code } = why;
    const counted = !isHeldBack(why);
    const afterSeconds = waitSeconds(why.afterSeconds, counted ? work.attempts : 0);
    await this.#parts.work.transaction(async (sql) => {
      await this.#parts.work.requeue(sql, work, { message, errorCode: code, afterSeconds, counted });
      await sendRun(this.#parts.jobs, work, { sql, startAfter: later(afterSeconds) });
    });
    log.info({ afterSeconds, reason: message }, 'sync goes on later');
  }

  /** The settings choose other records by now than those that were being read. */
  async #beginAgain({ work, log }: Stopped): Promise<void> {
    const message = 'The settings were changed; it begins again with them.';
    await this.#parts.work.transaction(async (sql) => {
      await this.#parts.work.requeue(sql, work, { message, afterSeconds: 0, counted: false });
      await sendRun(this.#parts.jobs, work, { sql });
    });
    log.info({}, 'the settings were changed; the sync begins again');
  }

  /** @throws TryLater always: a queue that is closing takes its job back, but no new one */
  async #giveBack({ work }: Stopped): Promise<never> {
    const message = 'The hub was stopped; the sync goes on when it is back.';
    await this.#parts.work.transaction((sql) =>
      this.#parts.work.requeue(sql, work, { message, afterSeconds: 0, counted: false }),
    );
    throw new TryLater(message, { afterSeconds: 0 });
  }

  async #close(
    { work, integration, log }: Stopped,
    how: { status: 'cancelled' | 'failed'; error?: HubError | undefined },
  ): Promise<void> {
    const { work: store, records, registry } = this.#parts;
    const stream = integration && registry.get(integration.pluginId)?.plugin.handlers.streams?.[work.stream];
    const ending = await store.transaction(async (sql): Promise<Ending> => {
      const about = { title: stream?.title ?? 'Records', counters: await store.counters(sql, work) };
      const reason = how.error?.message ?? 'The hub made a mistake while it stored what came; the log says more.';
      const ended: Ending =
        how.status === 'cancelled'
          ? { status: 'cancelled', message: cancelled(about) }
          : { status: 'failed', message: stopped(reason, about), errorCode: how.error?.code ?? 'INTERNAL' };
      await records.forgetSeen(sql, work.storeId, work.id);
      await store.end(sql, work, ended);
      return ended;
    });
    log.info(ending, 'sync ended');
  }
}

interface Stopped {
  readonly work: Work;
  readonly watch: Watch;
  readonly log: Log;
  readonly integration: Integration | undefined;
}

/** What is asked for, at most a day; otherwise 5 s, doubled up to 10 minutes; up to a quarter more, a minute at most. */
function waitSeconds(asked: number | undefined, attempts: number): number {
  const backoff = Math.min(5 * 2 ** (attempts - 1), 600);
  const seconds = Math.min(Math.max(asked ?? 0, backoff), 86_400);
  return seconds + Math.random() * Math.min(seconds / 4, MOST_SPREAD_SECONDS);
}

function later(seconds: number): Date {
  return new Date(Date.now() + seconds * 1000);
}

import { type Job as BossJob, type JobWithMetadata, PgBoss } from 'pg-boss';
import type { Log } from '../log.ts';
import type { Job, QueueOptions, SendOptions } from './job.ts';
import { isDatabaseAway } from './transaction.ts';

interface Queue {
  readonly options: QueueOptions;
  readonly handler: (job: Job<object>) => Promise<void>;
  readonly pollers: { all: number; busy: number };
}

/** Pollers that wait for a job: the next one is taken at once, and a queue that may run many costs little while idle. */
const SPARE = 2;
/** How long running jobs may go on by themselves once the hub stops, and how long they have to obey their signal. */
const GRACE_MS = 3000;
const OBEY_MS = 4000;
/** So long a job that is sent while the hub starts waits for its queue. */
const READY_MS = 30_000;

/** Durable jobs in Postgres. A web-only process sends; a worker also runs them and keeps the queues in order. */
export class Jobs {
  readonly #boss: PgBoss;
  readonly #log: Log;
  readonly #worker: boolean;
  readonly #queues = new Map<string, Queue>();
  readonly #crons = new Map<string, string>();
  readonly #running = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  /** Queues exist. */
  readonly #prepared = Promise.withResolvers<void>();
  #started = false;
  #lastComplaint = 0;

  constructor({ url, log, worker }: { url: string; log: Log; worker: boolean }) {
    this.#log = log;
    this.#worker = worker;
    this.#boss = new PgBoss({
      connectionString: url,
      application_name: 'patchbay-jobs',
      max: worker ? 8 : 3,
      connectionTimeoutMillis: 10_000,
      supervise: worker,
      schedule: worker,
      useListenNotify: worker,
      superviseIntervalSeconds: 5,
      monitorIntervalSeconds: 5,
    });
    this.#prepared.promise.catch(() => undefined);
    this.#boss.on('error', (error) => this.#complain(error));
    this.#boss.on('warning', ({ message, data }) => this.#log.warn({ data }, `job queue: ${message}`));
  }

  /** Call before `start`, in web-only processes too: a queue must be known before anything is sent to it. */
  define<T extends object>(queue: string, options: QueueOptions, handler: (job: Job<T>) => Promise<void>): void {
    this.#queues.set(queue, { options, handler: handler as Queue['handler'], pollers: { all: 0, busy: 0 } });
  }

  /** Sends an empty job to `queue` at the times of a cron expression (UTC), once however many hosts there are. */
  every(queue: string, cron: string): void {
    this.#crons.set(queue, cron);
  }

  async start(): Promise<void> {
    try {
      await this.#boss.start();
      this.#started = true;
      for (const [name, { options }] of this.#queues) await this.#prepare(name, options);
    } catch (error) {
      this.#prepared.reject(error);
      throw error;
    }
    this.#prepared.resolve();
    for (const [name, cron] of this.#crons) await this.#boss.schedule(name, cron);
    if (!this.#worker) return;
    for (const [name, queue] of this.#queues) await this.#engage(name, queue);
  }

  /**
   * Waits half a minute for the queues to be there, while the hub starts.
   * @returns the job's id; null when the queue's policy and `singletonKey` say that one is enough
   * @throws Error when the queues could not be made, are not there yet, or the hub has stopped
   */
  async send(queue: string, data: object, { sql, startAfter, priority, singletonKey }: SendOptions = {}): Promise<string | null> {
    await this.#ready(queue);
    const { storeId } = data as { storeId?: string };
    return this.#boss.send(queue, data, {
      ...(storeId && { group: { id: storeId } }),
      ...(sql && { db: { executeSql: async (text: string, values?: unknown[]) => ({ rows: await sql.query(text, values) }) } }),
      ...(startAfter && { startAfter }),
      ...(priority !== undefined && { priority }),
      ...(singletonKey !== undefined && { singletonKey }),
    });
  }

  /** Running jobs may end by themselves for 3 s, then their signals are aborted; what is left goes back to its queue. */
  async stop(): Promise<void> {
    this.#prepared.reject(new Error('The hub is stopping.'));
    if (!this.#started) return;
    this.#started = false;
    const abort = setTimeout(() => this.#stopping.abort(new Error('The hub is stopping.')), GRACE_MS);
    await this.#boss.stop({ graceful: true, timeout: GRACE_MS + OBEY_MS, close: true });
    this.#stopping.abort(new Error('The hub is stopping.'));
    clearTimeout(abort);
    await Promise.allSettled(this.#running);
  }

  async #ready(queue: string): Promise<void> {
    const late = Promise.withResolvers<void>();
    const why = new Error(`The job queue is not there after ${READY_MS / 1000} s, so nothing was sent to "${queue}".`);
    const timer = setTimeout(late.reject, READY_MS, why);
    await Promise.race([this.#prepared.promise, late.promise]).finally(() => clearTimeout(timer));
  }

  async #prepare(name: string, { retryLimit = 2, expireInSeconds = 900, heartbeatSeconds, policy = 'standard' }: QueueOptions) {
    const options = {
      retryLimit,
      expireInSeconds,
      retryDelay: 0,
      retryBackoff: false,
      notify: true,
      ...(heartbeatSeconds !== undefined && { heartbeatSeconds }),
    };
    await this.#boss.createQueue(name, { ...options, policy });
    // An existing queue keeps what it was made with, unless told.
    const { heartbeatSeconds: _, ...changeable } = options;
    await this.#boss.updateQueue(name, changeable);
  }

  /** As many pollers as are busy and {@link SPARE} more, up to the queue's concurrency. */
  async #engage(name: string, queue: Queue): Promise<void> {
    const { pollers, options } = queue;
    while (this.#started && pollers.all < options.concurrency && pollers.all - pollers.busy < SPARE) {
      pollers.all += 1;
      try {
        await this.#poll(name, queue);
      } catch (error) {
        pollers.all -= 1;
        throw error;
      }
    }
  }

  async #poll(name: string, queue: Queue): Promise<void> {
    const { pollers, options } = queue;
    const self = { id: '' };
    self.id = await this.#boss.work(
      name,
      {
        ...{ includeMetadata: true as const, batchSize: 1, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 },
        ...(options.perStore !== undefined && { groupConcurrency: options.perStore }),
      },
      async (jobs: JobWithMetadata<object>[]) => {
        // A worker that was told of a job looks for the next one at once instead of at its next poll.
        this.#boss.notifyWorker(self.id);
        pollers.busy += 1;
        this.#engage(name, queue).catch((error: unknown) => this.#log.warn({ queue: name, err: error }, 'no further poller'));
        try {
          for (const job of jobs) await this.#run({ name, ...queue }, job);
        } finally {
          pollers.busy -= 1;
          const spare = pollers.all - pollers.busy > SPARE;
          if (spare) pollers.all -= 1;
          if (spare) this.#boss.offWork(name, { id: self.id, wait: false }).catch(() => undefined);
        }
      },
    );
  }

  async #run(queue: Queue & { name: string }, job: JobWithMetadata<object> & BossJob<object>): Promise<void> {
    const signal = AbortSignal.any([this.#stopping.signal, job.signal]);
    const running = queue.handler({ id: job.id, data: job.data ?? {}, signal });
    this.#running.add(running);
    try {
      await running;
    } catch (error) {
      await this.#delayRetry(queue, job, error).catch(() => undefined);
      this.#log.warn({ queue: queue.name, job: job.id, attempt: job.retryCount + 1, err: error }, 'job failed');
      throw error;
    } finally {
      this.#running.delete(running);
    }
  }

  /** pg-boss reads a job's delay when the job fails, so it is set just before. */
  async #delayRetry({ name, options }: Queue & { name: string }, job: JobWithMetadata<object>, error: unknown): Promise<void> {
    const backoff = (options.retryDelaySeconds ?? 1) * 2 ** Math.min(job.retryCount, 6);
    const { afterSeconds: asked } = (error ?? {}) as { afterSeconds?: unknown };
    const seconds = this.#stopping.signal.aborted ? 0 : Math.ceil(Math.max(backoff, typeof asked === 'number' ? asked : 0));
    await this.#boss
      .getDb()
      .executeSql('update pgboss.job set retry_delay = $3 where name = $1 and id = $2', [name, job.id, seconds]);
  }

  #complain(error: Error): void {
    // Every worker of every queue complains while the database is away: one line in ten seconds says as much.
    if (isDatabaseAway(error) && Date.now() - this.#lastComplaint < 10_000) return;
    this.#lastComplaint = Date.now();
    this.#log.warn({ err: error }, 'job queue: the database did not answer');
  }
}

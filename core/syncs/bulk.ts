import { v7 } from 'uuid';
import type { Principal } from '../access/principal.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected } from '../sdk/index.ts';
import type { BulkAction, BulkJob, BulkStore } from './bulk-store.ts';
import { BulkWork, type BulkWorkOptions, needFor } from './bulk-work.ts';

export interface BulkOptions extends BulkWorkOptions {
  readonly bulks: BulkStore;
  readonly jobs: Jobs;
}

export interface NewBulk {
  readonly storeId: string;
  readonly principal: Principal;
  readonly action: BulkAction;
  /** Ids; of this store, or their items fail. */
  readonly integrations: readonly string[];
}

/** One wish for integrations of several stores. */
export interface NewBatch extends Pick<NewBulk, 'principal' | 'action'> {
  readonly places: readonly { readonly storeId: string; readonly id: string }[];
}

const QUEUE = 'bulk';
/** Each may wait for its provider. */
const AT_ONCE = 4;
/** So that no store keeps the others waiting. */
const MOST_OPEN = 5;
/** Integrations of one wish in one store, and of one for all stores. */
const MOST_IN_JOB = 1000;
export const MOST_IN_BATCH = 5000;

/** One wish for many integrations, done in the background one after the other, with an answer for each. */
export class Bulk {
  readonly #parts: BulkOptions;
  readonly #work: BulkWork;

  constructor(parts: BulkOptions) {
    this.#parts = parts;
    this.#work = new BulkWork(parts);
    parts.jobs.define<Pick<BulkJob, 'storeId' | 'id'>>(QUEUE, { concurrency: 2 }, ({ data, signal }) => this.#run(data, signal));
  }

  /** Queues it. @throws Rejected (`CONFLICT`) while the store has too many under way, or for too many integrations at once */
  async begin(asked: NewBulk): Promise<BulkJob> {
    const { bulks } = this.#parts;
    const integrations = [...new Set(asked.integrations)];
    if (integrations.length > MOST_IN_JOB) throw tooMany(integrations.length, MOST_IN_JOB);
    const id = await bulks.transaction(async (sql) => {
      if ((await bulks.open(sql, asked.storeId)) >= MOST_OPEN) {
        const message = `This store has ${MOST_OPEN} such jobs under way; wait until one has ended, or cancel one.`;
        throw new Rejected(message, { code: 'CONFLICT' });
      }
      return this.#queue(sql, { ...asked, integrations });
    });
    return this.get(asked.storeId, id);
  }

  /**
   * The same for integrations of several stores, for operators: a job in each store.
   * @returns what the jobs have in common
   */
  async beginAcross({ places, ...asked }: NewBatch): Promise<string> {
    if (places.length > MOST_IN_BATCH) throw tooMany(places.length, MOST_IN_BATCH);
    const batch = v7();
    const byStore = Map.groupBy(places, ({ storeId }) => storeId);
    await this.#parts.bulks.transaction(async (sql) => {
      for (const [storeId, own] of byStore) {
        await this.#queue(sql, { ...asked, storeId, integrations: [...new Set(own.map(({ id }) => id))], batch });
      }
    });
    return batch;
  }

  /** What waits is not done any more. @throws NotFound; Rejected (`CONFLICT`) for one that has ended */
  async cancel(storeId: string, id: string, principal: Principal): Promise<BulkJob> {
    const { bulks, audit } = this.#parts;
    const job = await this.get(storeId, id);
    await this.#parts.stores.resolve(principal, storeId, needFor(job.action));
    await bulks.transaction(async (sql) => {
      if (!(await bulks.cancel(sql, job)))
        throw new Rejected('This has ended already; there is nothing to cancel.', { code: 'CONFLICT' });
      const detail = { action: job.action };
      await audit.record({ storeId, principal, action: 'integration.bulk-cancel', target: id, detail }, sql);
    });
    return this.get(storeId, id);
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<BulkJob> {
    const job = await this.#parts.bulks.find(storeId, id);
    if (job) return job;
    throw new NotFound('There is no such job in this store; it may have ended more than a month ago.');
  }

  async #queue(sql: Sql, { storeId, principal, action, integrations, batch }: NewBulk & { batch?: string }): Promise<string> {
    const { bulks, jobs, audit } = this.#parts;
    const id = v7();
    await bulks.insert(sql, { id, storeId, userId: principal.userId, action, integrations, ...(batch && { batch }) });
    const detail = { action, integrations: integrations.length };
    await audit.record({ storeId, principal, action: 'integration.bulk', target: id, detail }, sql);
    await jobs.send(QUEUE, { storeId, id }, { sql, priority: 10 });
    return id;
  }

  /** Goes on where another worker left off. */
  async #run({ storeId, id }: Pick<BulkJob, 'storeId' | 'id'>, signal: AbortSignal): Promise<void> {
    const job = await this.#parts.bulks.find(storeId, id);
    if (!job) return;
    const waiting = job.items.filter(({ status }) => status === 'waiting');
    const next = async (): Promise<void> => {
      for (let item = waiting.shift(); item; item = waiting.shift()) {
        signal.throwIfAborted();
        if (!(await this.#parts.bulks.isWaiting(job, item))) continue;
        await this.#parts.bulks.settle(job, await this.#work.of(job, item));
      }
    };
    // All have stopped before this one fails and is taken up again, so that no item is done by two.
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
    const failed = ended.find((lane) => lane.status === 'rejected');
    if (failed) throw failed.reason;
    await this.#parts.bulks.end(job);
  }
}

function tooMany(count: number, most: number): Rejected {
  return new Rejected(`These are ${count} integrations, and one job takes ${most} at most; choose fewer, by plugin or status.`);
}

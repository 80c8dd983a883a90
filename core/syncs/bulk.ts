import { v7 } from 'uuid';
import type { Audit } from '../access/audit.ts';
import { inNameOf, type Principal } from '../access/principal.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Integrations } from '../integrations/service.ts';
import { hubError, NotFound } from '../sdk/index.ts';
import type { BulkAction, BulkItem, BulkJob, BulkStore } from './bulk-store.ts';
import type { Syncs } from './syncs.ts';

export interface BulkOptions {
  readonly bulks: BulkStore;
  readonly integrationStore: IntegrationStore;
  readonly integrations: Integrations;
  readonly syncs: Syncs;
  readonly audit: Audit;
  readonly accounts: { find(id: string): Promise<{ id: string; email: string; operator: boolean } | undefined> };
  readonly jobs: Jobs;
  readonly publicUrl: string;
  /** Writes to those who want to hear of the store. @returns how many they are */
  readonly remind: (about: Reminder) => Promise<number>;
}

export interface Reminder {
  readonly storeId: string;
  readonly id: string;
  readonly pluginId: string;
  readonly name: string;
  readonly message: string;
}

export interface NewBulk {
  readonly storeId: string;
  readonly principal: Principal;
  readonly action: BulkAction;
  /** Ids; of this store, or their items fail. */
  readonly integrations: readonly string[];
}

const QUEUE = 'bulk';
/** Each may wait for its provider. */
const AT_ONCE = 4;

type Outcome = Pick<BulkItem, 'status' | 'message'>;

/** One wish for many integrations, done in the background one after the other, with an answer for each. */
export class Bulk {
  readonly #parts: BulkOptions;

  constructor(parts: BulkOptions) {
    this.#parts = parts;
    parts.jobs.define<Pick<BulkJob, 'storeId' | 'id'>>(QUEUE, { concurrency: 2 }, ({ data, signal }) => this.#run(data, signal));
  }

  /** Queues it. */
  async begin({ storeId, principal, action, integrations }: NewBulk): Promise<BulkJob> {
    const { bulks, jobs, audit } = this.#parts;
    const id = v7();
    const wanted = { id, storeId, userId: principal.userId, action, integrations: [...new Set(integrations)] };
    await bulks.transaction(async (sql) => {
      await bulks.insert(sql, wanted);
      const detail = { action, integrations: wanted.integrations.length };
      await audit.record({ storeId, principal, action: 'integration.bulk', target: id, detail }, sql);
      await jobs.send(QUEUE, { storeId, id }, { sql, priority: 10 });
    });
    return this.get(storeId, id);
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<BulkJob> {
    const job = await this.#parts.bulks.find(storeId, id);
    if (job) return job;
    throw new NotFound('There is no such job in this store; it may have ended more than a month ago.');
  }

  /** Goes on where another worker left off. */
  async #run({ storeId, id }: Pick<BulkJob, 'storeId' | 'id'>, signal: AbortSignal): Promise<void> {
    const job = await this.#parts.bulks.find(storeId, id);
    if (!job) return;
    const waiting = job.items.filter(({ status }) => status === 'waiting');
    const next = async (): Promise<void> => {
      for (let item = waiting.shift(); item; item = waiting.shift()) {
        signal.throwIfAborted();
        await this.#parts.bulks.settle(job, await this.#settled(job, item));
      }
    };
    // All have stopped before this one fails and is taken up again, so that no item is done by two.
    const ended = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
    const failed = ended.find((lane) => lane.status === 'rejected');
    if (failed) throw failed.reason;
    await this.#parts.bulks.end(job);
  }

  async #settled(job: BulkJob, { integrationId }: BulkItem): Promise<BulkItem> {
    try {
      const integration = await this.#parts.integrationStore.get(job.storeId, integrationId);
      return { integrationId, code: null, ...(await this.#do(job, integration)) };
    } catch (error) {
      const known = hubError(error);
      const message = known?.message ?? 'This failed for a reason of ours; the log says more.';
      return { integrationId, status: 'failed', code: known?.code ?? 'INTERNAL', message };
    }
  }

  async #do(job: BulkJob, integration: Integration): Promise<Outcome> {
    const { integrations, syncs } = this.#parts;
    const { storeId, id, enabled } = integration;
    const principal = await this.#principal(job);
    if (job.action === 'reconnect-reminder') return this.#reminder(job, integration);
    if (job.action === 'test') return done((await integrations.test(storeId, id, principal)).message);
    if (job.action === 'sync') {
      const runs = await syncs.request({ integration, trigger: 'manual', requestedBy: principal.email });
      return done(runs.map(({ stream }) => stream).join(', '));
    }
    const wanted = job.action === 'resume';
    if (enabled === wanted) return { status: 'skipped', message: enabled ? 'It is not paused.' : 'It is paused already.' };
    await integrations.rename(storeId, id, { enabled: wanted }, principal);
    return done(wanted ? 'Resumed.' : 'Paused.');
  }

  /** Tells its owners by mail, and whoever asked what to tell those who get none. */
  async #reminder({ id: target }: BulkJob, integration: Integration): Promise<Outcome> {
    const { integrations, audit, remind, publicUrl } = this.#parts;
    const { storeId, id, pluginId, name } = integration;
    const { fix, reason } = await integrations.health(storeId, id);
    if (fix?.by !== 'reconnect') return { status: 'skipped', message: `${name} need not be connected again.` };
    const message = reason ?? `${name} has to be connected again.`;
    const told = await remind({ storeId, id, pluginId, name, message });
    await audit.record({ storeId, actor: 'bulk', action: 'integration.reminder', target: id, detail: { bulk: target, told } });
    const mailed =
      told === 0 ? 'Nobody gets mails about this store.' : `Mailed to ${told === 1 ? 'one person' : `${told} people`}.`;
    return done(`${message} ${publicUrl}/integrations/${pluginId}/${id}/reconnect ${mailed}`);
  }

  async #principal({ userId, storeId }: BulkJob): Promise<Principal> {
    const user = await this.#parts.accounts.find(userId);
    if (!user) throw new NotFound('Whoever asked for this is no longer here.');
    return inNameOf(user, storeId);
  }
}

function done(message: string): Outcome {
  return { status: 'done', message };
}

import type { Audit } from '../access/audit.ts';
import { inNameOf, type Principal } from '../access/principal.ts';
import type { Stores } from '../access/stores.ts';
import type { Integration, IntegrationStore } from '../integrations/integration-store.ts';
import type { Integrations } from '../integrations/service.ts';
import { hubError, NotFound } from '../sdk/index.ts';
import type { BulkAction, BulkItem, BulkJob } from './bulk-store.ts';
import type { Syncs } from './syncs.ts';

export interface BulkWorkOptions {
  readonly integrationStore: IntegrationStore;
  readonly integrations: Integrations;
  readonly syncs: Syncs;
  readonly audit: Audit;
  readonly stores: Pick<Stores, 'resolve'>;
  readonly accounts: { find(id: string): Promise<{ id: string; email: string; operator: boolean } | undefined> };
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

type Outcome = Pick<BulkItem, 'status' | 'message'>;

/** Testing and syncing only help; whoever pauses, or writes to people, decides for the store. */
export function needFor(action: BulkAction): 'sync' | 'manage' {
  return action === 'test' || action === 'sync' ? 'sync' : 'manage';
}

/** What a bulk job does with one integration. */
export class BulkWork {
  readonly #parts: BulkWorkOptions;

  constructor(parts: BulkWorkOptions) {
    this.#parts = parts;
  }

  /** Does it for one, in the name of who asked. @returns what became of it; it never throws */
  async of(job: BulkJob, { integrationId }: BulkItem): Promise<BulkItem> {
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

  /** Asked before each, as it may change while the job goes on. @throws Rejected (`FORBIDDEN`), NotFound */
  async #principal({ userId, storeId, action }: BulkJob): Promise<Principal> {
    const user = await this.#parts.accounts.find(userId);
    if (!user) throw new NotFound('Whoever asked for this is no longer here.');
    const principal = inNameOf(user, storeId);
    await this.#parts.stores.resolve(principal, storeId, needFor(action));
    return principal;
  }
}

function done(message: string): Outcome {
  return { status: 'done', message };
}

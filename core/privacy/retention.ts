import type { Audit } from '../access/audit.ts';
import { type AuditSealStore, NO_STORE } from '../access/audit-seal-store.ts';
import type { Principal } from '../access/principal.ts';
import type { Job } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { BOUNDS, KINDS, type Retention, type RetentionStore } from './retention-store.ts';

export interface RetentionOptions {
  readonly retentions: RetentionStore;
  readonly auditSeals: Pick<AuditSealStore, 'drop'>;
  readonly audit: Audit;
  readonly jobs: Jobs;
}

const DAY_MS = 86_400_000;
/** Of entries that concern no store, such as sign-ins. */
const HUB_AUDIT_DAYS = 400;

/** How long a store keeps what: chosen by its owners, and carried out every night. */
export class Retentions {
  readonly #parts: RetentionOptions;

  constructor(parts: RetentionOptions) {
    this.#parts = parts;
    const options = {
      concurrency: 1,
      retryLimit: 1,
      policy: 'exclusive',
      expireInSeconds: 4 * 3600,
      heartbeatSeconds: 60,
    } as const;
    parts.jobs.define('retention', options, (job: Job<object>) => this.sweep(job.signal));
    parts.jobs.every('retention', '17 3 * * *');
  }

  /** @throws NotFound */
  async of(storeId: string): Promise<Retention> {
    const found = await this.#parts.retentions.of(storeId);
    if (found) return found;
    throw new NotFound('There is no such store; it may have been deleted.');
  }

  /** @throws Rejected with the fields at fault; nothing is changed then */
  async set(storeId: string, days: Partial<Retention>, by: { principal: Principal; ip: string | undefined }): Promise<Retention> {
    const given = KINDS.filter((kind) => days[kind] !== undefined);
    const fields = given
      .filter((kind) => !isWithin(Number(days[kind]), BOUNDS[kind]))
      .map((kind) => ({
        pointer: `/${kind}`,
        message: `Give a whole number of days from ${BOUNDS[kind].least} to ${BOUNDS[kind].most}.`,
      }));
    if (fields[0]) throw new Rejected(`Nothing was saved. ${fields[0].message}`, { fields });
    await this.#parts.retentions.set(storeId, days);
    const detail = Object.fromEntries(given.map((kind) => [kind, days[kind]]));
    await this.#parts.audit.record({ storeId, ...by, action: 'store.retention', target: storeId, detail });
    return this.of(storeId);
  }

  /** Removes in all stores what is old enough; each store's log says how much of what. Messages go with their days. */
  async sweep(signal: AbortSignal): Promise<void> {
    const { retentions, auditSeals, audit } = this.#parts;
    for (const { id: storeId, ...days } of await retentions.stores()) {
      const dropped = {
        runs: await retentions.dropRuns(storeId, days.runs, signal),
        deletedRecords: await retentions.dropDeletedRecords(storeId, days.deletedRecords, signal),
        endedRecords: await retentions.dropEndedRecords(storeId, days.endedRecords, signal),
        auditEntries: await auditSeals.drop(storeId, new Date(Date.now() - days.auditEntries * DAY_MS)),
      };
      const detail = Object.fromEntries(Object.entries(dropped).filter(([, count]) => count > 0));
      if (Object.keys(detail).length === 0) continue;
      await audit.record({ storeId, actor: 'system', action: 'retention.drop', target: storeId, detail });
    }
    await auditSeals.drop(NO_STORE, new Date(Date.now() - HUB_AUDIT_DAYS * DAY_MS));
  }
}

function isWithin(days: number, { least, most }: { least: number; most: number }): boolean {
  return Number.isInteger(days) && days >= least && days <= most;
}

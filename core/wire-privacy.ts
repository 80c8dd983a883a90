import type { DataSource } from 'typeorm';
import type { Audit } from './access/audit.ts';
import { AuditListStore } from './access/audit-list-store.ts';
import { AuditReadStore } from './access/audit-read-store.ts';
import { AuditReads } from './access/audit-reads.ts';
import type { AuditSealStore } from './access/audit-seal-store.ts';
import { createDataSource } from './database/data-source.ts';
import type { Jobs } from './database/jobs.ts';
import { sortedIn } from './inbox/sorted-in.ts';
import type { IntegrationStore } from './integrations/integration-store.ts';
import type { Integrations } from './integrations/service.ts';
import type { Log } from './log.ts';
import { DeletionStore } from './privacy/deletion-store.ts';
import { Deletions } from './privacy/deletions.ts';
import { ExportStore } from './privacy/export-store.ts';
import { Exports } from './privacy/exports.ts';
import { Retentions } from './privacy/retention.ts';
import { RetentionStore } from './privacy/retention-store.ts';
import type { KeyRing } from './vault/key-ring.ts';
import { Prover } from './vault/prover.ts';

/** What counts the reads of credentials, for the room that opens them. */
export function wireReads(dataSource: DataSource, log: Log): AuditReads {
  const complain = (err: unknown) => log.warn({ err }, 'reads of credentials could not be written down; it is tried again');
  return new AuditReads(new AuditReadStore(dataSource), complain);
}

interface PrivacyParts {
  readonly dataSource: DataSource;
  readonly databaseUrl: string;
  readonly jobs: Jobs;
  readonly log: Log;
  readonly audit: Audit;
  readonly ring: KeyRing;
  readonly auditSeals: AuditSealStore;
  readonly integrationStore: IntegrationStore;
  readonly integrations: Integrations;
}

/** What the hub knows of what was done, and what becomes of a store's data. */
export function wirePrivacy({ databaseUrl: url, ring, ...parts }: PrivacyParts) {
  const { dataSource, jobs, audit, auditSeals, log } = parts;
  const reads = new AuditReadStore(dataSource);
  jobs.define('audit', { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, async () => {
    await reads.settle(audit);
    await auditSeals.seal();
  });
  jobs.every('audit', '* * * * *');
  const openPatient = () => createDataSource({ url, entities: [], poolSize: 1, queryTimeoutMs: 0 }).initialize();
  return {
    auditLog: new AuditListStore(dataSource),
    retentions: new Retentions({ ...parts, retentions: new RetentionStore(dataSource) }),
    exports: new Exports({
      ...parts,
      exports: new ExportStore(dataSource),
      openPatient,
      sortedIn: (store, signal) => {
        const failed = (err: unknown) => log.warn({ err, store }, 'what was accepted could not be sorted in for an export');
        return sortedIn(dataSource, store, { signal, failed });
      },
    }),
    deletions: new Deletions({
      ...parts,
      deletions: new DeletionStore(dataSource),
      signer: new Prover(ring, 'deletion of a store'),
    }),
  };
}

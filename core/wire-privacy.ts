import type { DataSource } from 'typeorm';
import type { Audit } from './access/audit.ts';
import { AuditListStore } from './access/audit-list-store.ts';
import { AuditReadStore } from './access/audit-read-store.ts';
import { AuditReads } from './access/audit-reads.ts';
import { AuditSealStore } from './access/audit-seal-store.ts';
import type { Jobs } from './database/jobs.ts';
import type { Log } from './log.ts';
import { signerOf } from './privacy/signing.ts';
import type { KeyRing } from './vault/key-ring.ts';

/** What counts the reads of credentials, for the room that opens them. */
export function wireReads(dataSource: DataSource, log: Log): AuditReads {
  const complain = (err: unknown) => log.warn({ err }, 'reads of credentials could not be written down; it is tried again');
  return new AuditReads(new AuditReadStore(dataSource), complain);
}

interface PrivacyParts {
  readonly dataSource: DataSource;
  readonly jobs: Jobs;
  readonly audit: Audit;
  readonly ring: KeyRing;
}

/** What the hub knows of what was done, and what becomes of a store's data. */
export function wirePrivacy({ dataSource, jobs, audit, ring }: PrivacyParts) {
  const auditSeals = new AuditSealStore(dataSource, signerOf(ring, 'audit log'));
  const reads = new AuditReadStore(dataSource);
  jobs.define('audit', { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, async () => {
    await reads.settle(audit);
    await auditSeals.seal();
  });
  jobs.every('audit', '* * * * *');
  return { auditSeals, auditLog: new AuditListStore(dataSource) };
}

import type { Sql } from '../database/transaction.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { lockIntegration } from '../integrations/lock.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { WasRead } from './pass.ts';
import type { Counters, Ending, RunWorkStore, Sum, Work } from './run-work-store.ts';
import { tracksDeletions } from './streams.ts';
import { guarded, noted, succeeded, withFailures } from './words.ts';

interface FinishParts {
  readonly work: RunWorkStore;
  readonly records: RecordStore;
}

/** Fewer than this may always go: three contacts of five are no alarm. */
const ALWAYS_ALLOWED = 10;

type Missing = { readonly deleted: number } | { readonly missing: number };

/**
 * Ends a run whose stream came to its end, in one transaction: deletions, checkpoint, outcome.
 * @throws RunLost
 */
export async function finish(parts: FinishParts, work: Work, done: WasRead & { integration: Integration }): Promise<Ending> {
  const { stream, integration } = done;
  const account = integration.account?.label ?? integration.name;
  const stored = (await parts.records.counts(work.storeId, work.integrationId))[work.stream] ?? 0;
  return parts.work.transaction(async (sql) => {
    // Records, integration, run: in the order in which whoever ends the connection takes them.
    await parts.records.lock(sql, { storeId: work.storeId, integrationId: work.integrationId, stream: work.stream });
    await lockIntegration(sql, integration);
    const counters = await parts.work.counters(sql, work);
    const about = { title: stream.title, account, counters };
    const end = ({ status, message }: Ending, { deleted = 0, heldBack = 0 } = {}) =>
      close(parts, sql, work, { status, message: noted(message, counters.notes), deleted, heldBack, held: stored - deleted });
    if (counters.failed > 0) return end({ status: 'partial', message: withFailures(about) });
    const missing = tracksDeletions(stream, work)
      ? await deleteMissing(parts, sql, work, { ...done, stored, from: counters.beganFrom })
      : { deleted: 0 };
    if ('missing' in missing)
      return end({ status: 'partial', message: guarded(about, { ...missing, stored }) }, { heldBack: missing.missing });
    const all: Counters = { ...counters, deleted: counters.deleted + missing.deleted };
    return end({ status: 'succeeded', message: succeeded({ ...about, counters: all, held: stored - missing.deleted }) }, missing);
  });
}

interface Closing extends Ending {
  readonly deleted: number;
  readonly heldBack: number;
  /** Records there are now. */
  readonly held: number;
}

async function close(parts: FinishParts, sql: Sql, work: Work, { held, deleted, heldBack, ...ending }: Closing): Promise<Ending> {
  await parts.work.completeCheckpoint(sql, work);
  await parts.records.forgetSeen(sql, work.storeId, work.id);
  await parts.work.noteSynced(sql, work, held);
  await parts.work.end(sql, work, { ...ending, deleted, heldBack, held });
  return ending;
}

/** What a run should have met and did not is gone at the provider, unless it is so much that a mistake is likelier. */
async function deleteMissing(
  { records }: FinishParts,
  sql: Sql,
  work: Work,
  { stream, config, stored, from }: WasRead & { stored: number; from: Sum['beganFrom'] },
): Promise<Missing> {
  const scope = { storeId: work.storeId, integrationId: work.integrationId, stream: work.stream };
  const allowed = work.allowDeletions ? Number.POSITIVE_INFINITY : Math.max(ALWAYS_ALLOWED, stored / 3);
  const startedAt = work.startedAt.toISOString();
  const ids: string[] = [];
  let missing = 0;
  const covers = (data: Readonly<Record<string, unknown>>) => stream.covers?.(data, startedAt, config, from) ?? true;
  for await (const batch of records.missing(sql, scope, work.id, covers)) {
    missing += batch.length;
    if (missing <= allowed) ids.push(...batch);
  }
  return missing > allowed ? { missing } : { deleted: await records.markDeleted(sql, scope, ids) };
}

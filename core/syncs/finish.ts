import type { Sql } from '../database/transaction.ts';
import type { Integration } from '../integrations/integration-store.ts';
import { lockIntegration } from '../integrations/lock.ts';
import type { RecordStore } from '../records/record-store.ts';
import { checkChoice } from './choice.ts';
import type { WasRead } from './pass.ts';
import type { Ending, Sum, Work } from './run-work.ts';
import type { RunWorkStore } from './run-work-store.ts';
import { tracksDeletions } from './streams.ts';
import { type About, guarded, leftOut, noted, succeeded, wentUnchosen, withFailures } from './words.ts';

interface FinishParts {
  readonly work: RunWorkStore;
  readonly records: RecordStore;
}

/** Fewer than this may always go: three contacts of five are no alarm. */
const ALWAYS_ALLOWED = 10;

/** What goes at the end of a run. */
interface Leaving {
  /** Gone at the provider; none where they are so many that a mistake is likelier. */
  readonly gone: readonly string[];
  readonly unchosen: readonly string[];
  /** How many were left alone for that reason. */
  readonly heldBack: number;
}

const NOTHING: Leaving = { gone: [], unchosen: [], heldBack: 0 };

/**
 * Ends a run whose stream came to its end, in one transaction: deletions, checkpoint, outcome.
 * @throws RunLost, Rechosen
 */
export async function finish(parts: FinishParts, done: WasRead & { integration: Integration }): Promise<Ending> {
  const { stream, integration, work } = done;
  const account = integration.account?.label ?? integration.name;
  const scope = { storeId: work.storeId, integrationId: work.integrationId, stream: work.stream };
  const stored = (await parts.records.counts(work.storeId, work.integrationId))[work.stream] ?? 0;
  return parts.work.transaction(async (sql) => {
    // Records, integration, run: in the order in which whoever ends the connection takes them.
    await parts.records.lock(sql, scope);
    await lockIntegration(sql, integration);
    checkChoice(stream, integration.config, await parts.work.settings(sql, work));
    const counters = await parts.work.counters(sql, work);
    const leaving = tracksDeletions(stream, work)
      ? await leavingOf(parts, sql, { ...done, stored, from: counters.beganFrom })
      : NOTHING;
    // A date knows no parts of a millisecond; what was written since then is not among them.
    const began = new Date(work.startedAt.getTime() + 1).toISOString();
    const mark = (ids: readonly string[]) => parts.records.markDeleted(sql, scope, { ids, began });
    const unchosen = await mark(leaving.unchosen);
    const gone = counters.failed > 0 ? 0 : await mark(leaving.gone);
    const deleted = unchosen + gone;
    const held = stored - deleted;
    const heldBack = counters.failed > 0 ? 0 : leaving.heldBack;
    const about = { title: stream.title, account, held, counters: { ...counters, deleted: counters.deleted + gone } };
    const notes = [
      ...(unchosen > 0 ? [wentUnchosen(unchosen, stream.title)] : []),
      ...(counters.older > 0 ? [leftOut(counters.older, stream.title)] : []),
      ...counters.notes,
    ];
    const { status, message } = outcomeOf(about, { heldBack, stored: stored - unchosen });
    return close(parts, sql, work, { status, message: noted(message, notes), deleted, heldBack, held });
  });
}

function outcomeOf(about: About, { heldBack, stored }: { heldBack: number; stored: number }): Ending {
  if (about.counters.failed > 0) return { status: 'partial', message: withFailures(about) };
  if (heldBack > 0) return { status: 'partial', message: guarded({ ...about, held: undefined }, { missing: heldBack, stored }) };
  return { status: 'succeeded', message: succeeded(about) };
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
async function leavingOf(
  { records }: FinishParts,
  sql: Sql,
  { stream, config, work, stored, from }: WasRead & { stored: number; from: Sum['beganFrom'] },
): Promise<Leaving> {
  const scope = { storeId: work.storeId, integrationId: work.integrationId, stream: work.stream };
  const startedAt = work.startedAt.toISOString();
  const [gone, unchosen]: [string[], string[]] = [[], []];
  const covers = (data: Readonly<Record<string, unknown>>) => stream.covers?.(data, startedAt, config, from) ?? true;
  for await (const missing of records.missing(sql, scope, work.id, covers)) {
    gone.push(...missing.gone);
    unchosen.push(...missing.unchosen);
  }
  // What nobody chooses any more says nothing about what is chosen.
  const allowed = work.allowDeletions ? Number.POSITIVE_INFINITY : Math.max(ALWAYS_ALLOWED, (stored - unchosen.length) / 3);
  return gone.length > allowed ? { gone: [], unchosen, heldBack: gone.length } : { gone, unchosen, heldBack: 0 };
}

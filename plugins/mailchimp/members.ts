import { type Checkpoint, isoTime, type Page, type Raw } from 'patchbay';
import { apiTime, listPath } from './api.ts';
import { audiencesToRead } from './audiences.ts';
import type { Context } from './manifest.ts';
import { fetchPage, unmet } from './paging.ts';
import { memberItem, sorted } from './records.ts';

const SIZE = 500;
/** Within one instant only offsets lead on, and these shift: each page looks back over so many of the one before. */
const OVERLAP = 50;
/** Changes may become visible late and out of order. */
const LOOK_BACK_MS = 2 * 60_000;
const SECOND_MS = 1000;

/** Archived contacts are met only by asking for them; asking without a status leaves them out. */
const PHASES = ['listed', 'archived'] as const;

/**
 * Where a walk stands. `since:<audience>` is where the next run begins for that audience; the rest is the run's own:
 * `audience` and `phase` being read, from `since` on, `offset` into what changed in that same second.
 */
interface Walk {
  readonly marks: Readonly<Record<string, string>>;
  readonly audience: string;
  readonly phase: (typeof PHASES)[number];
  readonly since: string | null;
  readonly offset: number;
  /** Latest change met among the listed ones. */
  readonly newest: string | null;
  /** Keeps the checkpoints of two runs apart when nothing changed between them. */
  readonly run: string;
}

/** All audiences have been read. */
type Done = Pick<Walk, 'marks'> & { readonly phase: null };

/** Contacts of the audience (or of all), oldest change first, so that what changes meanwhile is met at the end. */
export async function* members(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const audiences = await audiencesToRead(ctx);
  const marks = marksOf(from);
  const run = (from?.['phase'] && textAt(from, 'run')) || new Date().toISOString();
  const start = resumed(from, audiences, { marks, run }) ?? begun(audiences[0], { marks, run });
  if (!start) {
    yield { items: [], checkpoint: { ...marks, run } };
    return;
  }
  let walk: Walk = start;
  let met = new Set<string>();
  for (;;) {
    const { audience } = walk;
    const { raws, total, last } = await readPage(ctx, walk);
    const next: Walk | Done = last ? following(walk, raws, audiences) : advanced(walk, raws);
    const shaped = sorted(unmet(raws, met), (raw) => memberItem({ list_id: audience, ...raw }, ctx.config));
    const checkpoint = next.phase ? checkpointOf(next) : { ...next.marks, run };
    yield { ...shaped, checkpoint, ...(total !== undefined && { total }) };
    if (!next.phase) return;
    if (last) met = new Set();
    walk = next;
  }
}

/** One page, and whether it is the last of its phase. */
async function readPage(ctx: Context, walk: Walk) {
  const { raws, total } = await fetchPage(
    ctx,
    {
      path: `${listPath(walk.audience)}/members`,
      list: 'members',
      query: {
        ...(walk.phase === 'archived' && { status: 'archived' }),
        ...(walk.since && { since_last_changed: apiTime(walk.since) }),
        sort_field: 'last_changed',
        sort_dir: 'ASC',
      },
    },
    { count: SIZE, offset: walk.offset },
  );
  const reached = walk.offset + raws.length;
  const last = raws.length === 0 || (raws.length < SIZE && reached >= (total ?? 0));
  // The rest of a resumed walk as its total would look like shrinking.
  const first = walk.offset === 0 && walk.since === (walk.marks[`since:${walk.audience}`] ?? null);
  return { raws, last, total: first && walk.phase === 'listed' ? total : undefined };
}

/** By time where time moved on, by offset within what changed in the same second (an import). */
function advanced(walk: Walk, raws: readonly Raw[]): Walk {
  const newest = newestOf(walk, raws);
  const [first, final] = [changedAt(raws[0]), changedAt(raws.at(-1))];
  const moved = first !== undefined && final !== undefined && final - first >= SECOND_MS;
  const ahead = final !== undefined && (!walk.since || final - SECOND_MS > Date.parse(walk.since));
  if (moved && ahead) return { ...walk, newest, since: new Date(final - SECOND_MS).toISOString(), offset: 0 };
  return { ...walk, newest, offset: walk.offset + Math.max(1, raws.length - OVERLAP) };
}

/** The next phase or audience; only marks once all have been read. */
function following(walk: Walk, raws: readonly Raw[], audiences: readonly string[]): Walk | Done {
  const { audience, run } = walk;
  const mark = walk.marks[`since:${audience}`] ?? null;
  const newest = newestOf(walk, raws);
  if (walk.phase === 'listed') return { ...walk, phase: 'archived', since: mark, offset: 0, newest };
  const reached = newest ? new Date(Date.parse(newest) - LOOK_BACK_MS).toISOString() : mark;
  const marks = { ...walk.marks, ...(reached && { [`since:${audience}`]: reached }) };
  return begun(audiences[audiences.indexOf(audience) + 1], { marks, run }) ?? { marks, phase: null };
}

/** Archived ones do not count: what changed in the list while they were read has not been met. */
function newestOf(walk: Walk, raws: readonly Raw[]): string | null {
  if (walk.phase === 'archived') return walk.newest;
  return raws.reduce<string | null>((latest, raw) => {
    const at = isoTime(raw['last_changed']);
    return at && (!latest || at > latest) ? at : latest;
  }, walk.newest);
}

function changedAt(raw: Raw | undefined): number | undefined {
  const at = isoTime(raw?.['last_changed']);
  return at === undefined ? undefined : Date.parse(at);
}

type Shared = Pick<Walk, 'marks' | 'run'>;

function begun(audience: string | undefined, { marks, run }: Shared): Walk | undefined {
  if (!audience) return undefined;
  return { marks, run, audience, phase: 'listed', since: marks[`since:${audience}`] ?? null, offset: 0, newest: null };
}

function resumed(from: Checkpoint | null, audiences: readonly string[], shared: Shared): Walk | undefined {
  const [audience, phase] = [textAt(from, 'audience'), PHASES.find((one) => one === from?.['phase'])];
  if (!audience || !phase || !audiences.includes(audience)) return undefined;
  const offset = typeof from?.['offset'] === 'number' ? from['offset'] : 0;
  return { ...shared, audience, phase, offset, since: textAt(from, 'since'), newest: textAt(from, 'newest') };
}

function checkpointOf({ marks, ...rest }: Walk): Checkpoint {
  return { ...marks, ...rest };
}

function marksOf(from: Checkpoint | null): Record<string, string> {
  const pairs = Object.entries(from ?? {}).filter(
    (pair): pair is [string, string] => pair[0].startsWith('since:') && typeof pair[1] === 'string',
  );
  return Object.fromEntries(pairs);
}

function textAt(from: Checkpoint | null, name: string): string | null {
  const value = from?.[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

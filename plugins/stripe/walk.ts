import { type Checkpoint, hubError, type Item, number, type Page, type Raw, text } from 'patchbay';
import { listPage } from './api.ts';
import { reasonOf } from './explain.ts';
import { iso, itemOf, oldest, SKEW_SECONDS } from './items.ts';
import type { Kind } from './kinds.ts';
import type { Config, Context } from './manifest.ts';

/**
 * Where a walk stands. `all`: every object, newest first. `events`: what happened since the last run. `open`: those that may
 * still change, once a day. `done`: the next run begins here.
 */
export interface Walk {
  readonly phase: 'all' | 'events' | 'open' | 'done';
  readonly startedAt: number;
  /** Events from here on are not known yet. Unix seconds, as all times here. */
  readonly since: number;
  /** The cursor: id and time of the last one met. */
  readonly after: string | null;
  readonly created: number | null;
  readonly pass: number;
  readonly openAt: number;
  /** The settings that decide what is read: when they change, all is read again. */
  readonly terms: string;
}

/** Events are kept for thirty days; an hour less, so that none falls out while they are read. */
const EVENTS_SECONDS = 30 * 86_400 - 3600;

export function begin(from: Checkpoint | null, config: Config): Walk {
  const now = Math.floor(Date.now() / 1000);
  const start = { startedAt: now, after: null, created: null, pass: 0, terms: termsOf(config) };
  const known = (readsAnew(from, config, now) ? {} : from) as Partial<Walk>;
  if (known.phase === 'done') return { ...start, phase: 'events', since: known.since ?? 0, openAt: known.openAt ?? 0 };
  return { ...start, phase: 'all', since: 0, openAt: now, ...known };
}

/** Does a run from this checkpoint meet every object? One that goes on in the middle does not. */
export function readsAll(from: Checkpoint | null, config: Partial<Config> | undefined, startedAt: string): boolean {
  return readsAnew(from, config, Date.parse(startedAt) / 1000);
}

/** Nothing is known yet, the settings want other objects than before, or the events since then are no longer kept. */
function readsAnew(from: Checkpoint | null, config: Partial<Config> | undefined, now: number): boolean {
  if (!from || from['terms'] !== termsOf(config)) return true;
  return from['phase'] !== 'all' && now - (number(from['since']) ?? 0) > EVENTS_SECONDS;
}

function termsOf(config: Partial<Config> | undefined): string {
  return JSON.stringify([config?.syncFrom ?? '', config?.orderField ?? '', [...(config?.currencies ?? [])].sort()]);
}

/** The last checkpoint of a run; the next one looks back far enough for clocks that differ. */
export function done(walk: Walk, change: Partial<Walk> = {}): Walk {
  return { ...walk, ...change, phase: 'done', since: walk.startedAt - SKEW_SECONDS, after: null, created: null, pass: 0 };
}

/** When what a list of this run says was true. */
export function asOf({ startedAt }: Walk): string {
  return iso(startedAt - SKEW_SECONDS);
}

export interface Listed {
  readonly data: readonly Raw[];
  readonly next: Walk | undefined;
}

/** The next page of a list, newest first; `next` is `undefined` after the last one. */
export async function listNext(
  ctx: Context,
  walk: Walk,
  list: { path: string; query: Readonly<Record<string, string | number | readonly string[] | undefined>> },
): Promise<Listed> {
  const { data, hasMore } = await fromCursor(ctx, walk, list);
  const last = data.at(-1);
  const [after, created] = [text(last?.['id']), number(last?.['created'])];
  if (!hasMore || after === undefined) return { data, next: undefined };
  return { data, next: { ...walk, after, created: created ?? walk.created } };
}

/** The object the cursor stands on may be gone meanwhile: then its time says where to go on. */
async function fromCursor(ctx: Context, walk: Walk, { path, query }: Parameters<typeof listNext>[2]) {
  try {
    return await listPage(ctx.http, path, { ...query, starting_after: walk.after ?? undefined });
  } catch (error) {
    const isGone = hubError(error)?.consequence === 'not-found' && reasonOf(error)?.param === 'starting_after';
    if (!isGone || walk.created === null) throw error;
    return listPage(ctx.http, path, { ...query, 'created[lte]': walk.created });
  }
}

/** A page of a list as the hub takes it. */
export function pageOf(ctx: Context, kind: Kind, given: { data: readonly Raw[]; updatedAt: string; checkpoint: Walk }): Page {
  const { data, updatedAt, checkpoint } = given;
  const failed = data
    .filter((raw) => !text(raw['id']))
    .map(() => ({ id: 'unknown', reason: 'Stripe sent a record without an id.' }));
  const items = data
    .map((raw) => itemOf(kind, raw, { config: ctx.config, updatedAt }))
    .filter((item): item is Item => item !== undefined);
  return { items, failed, checkpoint: { ...checkpoint } };
}

/** The filter on the day before which nothing is wanted. */
export function sinceQuery(ctx: Context): { 'created[gte]'?: number } {
  const since = oldest(ctx.config);
  return since === undefined ? {} : { 'created[gte]': since };
}

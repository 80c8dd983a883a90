import { addDays, type Checkpoint, dayIn } from 'patchbay';
import { isOther } from './api.ts';
import type { Config } from './manifest.ts';

/** Days asked for at once: few enough that Google neither samples nor adds up rare rows, and a run gets on. */
export const SLICE_DAYS = 30;

/** Where a walk through the days stands: rows of the slice up to `offset` are read. */
export interface Walk {
  readonly property: string;
  readonly first: string;
  readonly last: string;
  readonly offset: number;
  /** Keeps the checkpoints of two runs on one day apart. */
  readonly startedAt: string;
  /** Nobody chose the property: it is the only one. */
  readonly auto?: true;
}

/** What all checkpoints of a run have in common. */
export type Begin = Pick<Walk, 'property' | 'startedAt' | 'auto'>;

type Settings = Pick<Config, 'reportLookbackDays' | 'reportHistoryDays'>;

/** The slice that begins at `first`, of the days until `today`. */
export function sliceFrom(first: string, today: string, begin: Begin): Walk {
  const last = addDays(first, SLICE_DAYS - 1);
  return { ...begin, first, last: last < today ? last : today, offset: 0 };
}

/** What comes after a slice that is read; `undefined`: it is done. */
export function sliceAfter(walk: Walk, today: string): Walk | undefined {
  return walk.last < today ? sliceFrom(addDays(walk.last, 1), today, walk) : undefined;
}

/** A walk that stopped within a slice of this property. */
export function stopped(from: Checkpoint | null | undefined, property: string): Walk | undefined {
  const { first, last, offset, startedAt } = from ?? {};
  if (from?.['property'] !== property || typeof first !== 'string' || typeof last !== 'string') return undefined;
  const auto = from['auto'] === true;
  return { property, first, last, offset: Number(offset) || 0, startedAt: String(startedAt), ...(auto && { auto }) };
}

/** The first day to read: what is new, and the last days again; all of the history for a property never read to its end. */
export function firstDay(
  from: Checkpoint | null | undefined,
  given: { property: string; today: string; settings: Settings },
): string {
  const { property, today, settings } = given;
  const through = from?.['property'] === property ? from['through'] : undefined;
  if (typeof through !== 'string') return addDays(today, 1 - (settings.reportHistoryDays ?? 90));
  const again = addDays(through, 1 - (settings.reportLookbackDays ?? 7));
  return again < today ? again : today;
}

/**
 * Would a run that began at `startedAt` from `from` have met this row? A run that went on within a slice met only the rest
 * of it, so that the days after count.
 */
export function covers(
  data: Readonly<Record<string, unknown>>,
  startedAt: string,
  config?: Partial<Config>,
  from?: Checkpoint | null,
): boolean | 'unchosen' {
  const { propertyId, date, timeZone } = data;
  if (isOther(data, config)) return 'unchosen';
  // Without a property chosen nothing was read, unless there is only one.
  const chosen = config?.propertyId || (from?.['auto'] === true ? from['property'] : undefined);
  if (typeof propertyId !== 'string' || typeof date !== 'string' || typeof timeZone !== 'string' || propertyId !== chosen)
    return false;
  const today = dayIn(timeZone, Date.parse(startedAt));
  const walk = stopped(from, propertyId);
  const first = walk ? addDays(walk.last, 1) : firstDay(from, { property: propertyId, today, settings: config ?? {} });
  return date >= first && date <= today;
}

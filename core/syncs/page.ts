import type { Mask } from '../egress/conceal.ts';
import type { Item, Page } from '../sdk/index.ts';
import type { RunFailure } from './run-entity.ts';

/** A page a plugin yielded, seen to have the right shape. */
export interface CheckedPage {
  readonly items: readonly Item[];
  readonly failed: readonly RunFailure[];
  readonly notes: readonly string[];
  readonly checkpoint: Page['checkpoint'];
  readonly total: number | undefined;
}

const LONGEST_REASON = 300;
const asItIs: Mask = (text) => text;

/**
 * What can go wrong with one record is that record's failure; what is wrong with the page is a mistake of the plugin.
 * @param mask takes out what must not be in words that people read: often what the provider said of a call
 * @throws Error, which becomes a PluginFault
 */
export function checkedPage(value: unknown, stream: string, mask: Mask = asItIs): CheckedPage {
  const page = objectOf(value, `the stream "${stream}" yielded something that is no page`);
  const { items, failed = [], notes = [], total } = page;
  if (!Array.isArray(items)) throw new Error(`the stream "${stream}" yielded a page without items`);
  if (!Array.isArray(failed)) throw new Error(`the stream "${stream}" yielded a page whose "failed" is no list`);
  if (!Array.isArray(notes)) throw new Error(`the stream "${stream}" yielded a page whose "notes" is no list`);
  const checkpoint = objectOf(page['checkpoint'], `the stream "${stream}" yielded a page without a checkpoint`);
  const broken = items.filter((item) => typeof item !== 'object' || item === null).length;
  return {
    items: items.filter((item) => typeof item === 'object' && item !== null) as Item[],
    failed: [
      ...failed.map((failure) => failureOf(failure, mask)),
      ...Array<RunFailure>(broken).fill({ id: '?', reason: 'it is not an object' }),
    ],
    notes: notes.map((note) => shown(mask(String(note)), LONGEST_REASON)),
    checkpoint: checkpoint as Page['checkpoint'],
    total: typeof total === 'number' && Number.isSafeInteger(total) && total >= 0 && total < 2 ** 31 ? total : undefined,
  };
}

/** Postgres stores neither NUL nor half a surrogate pair, and the list of failures is shown to people. */
export function failureOf(value: unknown, mask: Mask = asItIs): RunFailure {
  const { id, reason } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
  return { id: shown(id ?? '?', 200), reason: shown(mask(String(reason ?? 'no reason was given')), LONGEST_REASON) };
}

function shown(value: unknown, length: number): string {
  return String(value).replaceAll('\0', '\ufffd').slice(0, length).toWellFormed();
}

function objectOf(value: unknown, fault: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(fault);
}

import { ENDED, type Selection } from '../../inbox/replay-store.ts';
import { Rejected } from '../../sdk/errors.ts';

/** What one asks to see of an integration's messages, as its form sends it. */
export interface MessageQuery {
  /** Empty: all. */
  readonly state: string;
  readonly reason: string;
  /** `2026-11-21T09:30`, in UTC. */
  readonly from: string;
  readonly until: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function messageQuery(fields: Fields): MessageQuery {
  const text = (name: string) => (typeof fields[name] === 'string' ? fields[name].trim() : '');
  return {
    state: text('state'),
    reason: text('reason').slice(0, 1000),
    from: text('from'),
    until: text('until'),
  };
}

/** @throws Rejected for a time that is none */
export function momentOf(text: string): Date | undefined {
  if (text === '') return undefined;
  const at = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?$/.test(text) ? new Date(`${text.replace(' ', 'T')}Z`) : undefined;
  if (at && !Number.isNaN(at.getTime())) return at;
  throw new Rejected('Write a time as 2026-11-21 09:30.');
}

/**
 * The messages a form asks to handle again: those that were ticked, by themselves or with their equals, or all that fit what it shows.
 * @throws Rejected where none was ticked, or a time is none
 */
export function selectionOf(fields: Fields, place: Pick<Selection, 'storeId' | 'integrationId'>): Selection {
  const ticked = [fields['message'] ?? []].flat().flatMap((ids) => (typeof ids === 'string' ? ids.split(',') : []));
  if (fields['which'] !== 'all') {
    if (ticked.length === 0) throw new Rejected('Tick the live changes first, or choose all of them.');
    return { ...place, ids: ticked, states: ENDED };
  }
  const { state, reason, from, until } = messageQuery(fields);
  const states = ENDED.filter((one) => one === state);
  return {
    ...place,
    from: momentOf(from),
    until: momentOf(until),
    reason: reason || undefined,
    ...(states.length > 0 && { states }),
  };
}

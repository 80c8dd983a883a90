import type { Position } from '../../database/list-page.ts';
import { Rejected } from '../../sdk/errors.ts';

/** What callers get for a position: nothing they should read. */
export function cursorOf(position: Position | undefined): string | null {
  return position ? Buffer.from(JSON.stringify([position.at, position.id])).toString('base64url') : null;
}

const MOMENT = /^(?!0000)(\d{4}-\d\d-\d\d) (?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{1,6})?[+-](?:0\d|1[0-5])(?::[0-5]\d){0,2}$/;
const IDS = { uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, number: /^\d{1,18}$/ };

/** @throws Rejected for what is no cursor of such a list */
export function positionOf(cursor: string | undefined, ids: keyof typeof IDS = 'uuid'): Position | undefined {
  if (cursor === undefined) return undefined;
  const [at, id, more] = partsOf(cursor);
  if (typeof at !== 'string' || typeof id !== 'string' || more !== undefined || !isMoment(at) || !IDS[ids].test(id)) {
    throw unknownCursor();
  }
  return { at, id };
}

/** One that the database can read: anybody may write a cursor, and there is no 31 February. */
function isMoment(text: string): boolean {
  const [, day = ''] = MOMENT.exec(text) ?? [];
  const midnight = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(day);
}

/** One page of what is all in memory, in its own order; the cursor is the last one's id. */
export function pageIn<T>(
  all: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string | undefined },
  idOf: (one: T) => string,
): { page: T[]; next: string | null } {
  const from = cursor === undefined ? 0 : all.findIndex((one) => cursorOf({ at: '', id: idOf(one) }) === cursor) + 1;
  if (cursor !== undefined && from === 0) throw unknownCursor();
  const page = all.slice(from, from + limit);
  const last = page.at(-1);
  return { page, next: last && from + limit < all.length ? cursorOf({ at: '', id: idOf(last) }) : null };
}

function partsOf(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}

function unknownCursor(): Rejected {
  const message = 'The cursor is not one of this list, or what it stood at is gone; begin without it.';
  return new Rejected(message, { fields: [{ pointer: '/query/cursor', message }] });
}

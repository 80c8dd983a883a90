import { inOrder, isDatabaseAway, type Sql } from '../database/transaction.ts';
import { newId } from '../new-id.ts';
import { insertEvents, type NewEvent } from './event-insert.ts';
import { text } from './event-text.ts';

/** More of what was to be stored is refused than may be found in one transaction. */
export class TooManyRefused extends Error {
  override readonly name = 'TooManyRefused';
}

/**
 * Stores all that Postgres takes, and what it refuses as dead, with the reason, in its place: in halves until each that is
 * refused stands alone. In a transaction.
 * @param most so many may be refused
 * @throws TooManyRefused; whatever says nothing about an event
 */
export async function storeInHalves(sql: Sql, events: readonly NewEvent[], most = Number.POSITIVE_INFINITY): Promise<void> {
  let found = 0;
  // Who sends one that is refused mostly sends several: side by side they share the halves they are in.
  const waiting = [[...Map.groupBy(events, ({ integrationId }) => integrationId).values()].flat()];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const refusal = await refusalOf(sql, part);
    if (refusal === undefined) continue;
    const [event] = part;
    if (event && part.length === 1) {
      found += 1;
      if (found > most) throw new TooManyRefused(`more than ${most} events are refused`);
      await keep(sql, refused(event, refusal));
    } else {
      const middle = part.length >> 1;
      waiting.push(part.slice(middle), part.slice(0, middle));
    }
  }
}

async function keep(sql: Sql, event: NewEvent): Promise<void> {
  const refusal = await refusalOf(sql, [event]);
  if (refusal !== undefined) await insertEvents(sql, [{ ...event, data: {}, headers: {} }]);
}

/** Why they cannot be stored together as they are. @throws whatever says nothing about them */
async function refusalOf(sql: Sql, events: readonly NewEvent[]): Promise<unknown> {
  let refusal: unknown;
  try {
    await inOrder(
      sql,
      () => sql.query('savepoint part'),
      () => insertEvents(sql, events),
    );
  } catch (error) {
    if (!isRefused(error)) throw error;
    await sql.query('rollback to part');
    refusal = error;
  }
  await sql.query('release part');
  return refusal;
}

/** Kept as it came, and told. */
function refused(event: NewEvent, error: unknown): NewEvent {
  const said = error instanceof Error ? error.message : String(error);
  const reason = `It could not be stored as its plugin read it: ${text(said).slice(0, 300)}`;
  return { ...event, id: newId(), object: undefined, at: undefined, state: 'dead', reason };
}

/** Data exceptions, broken constraints and limits of Postgres (https://www.postgresql.org/docs/18/errcodes-appendix.html). */
const REFUSALS = /^(22|23|54)/;

/** Whether it is what an event says that cannot be stored, as against no room, no time or no peace for it just now. */
export function isRefused(error: unknown): boolean {
  const { severity, code } = error as { readonly severity?: unknown; readonly code?: unknown };
  return severity === undefined ? !isDatabaseAway(error) : REFUSALS.test(String(code));
}

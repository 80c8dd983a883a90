import { dataOf, type NewEvent } from './event-insert.ts';
import { json } from './event-text.ts';

/** Whose they are; the same for all events of a row. */
type Whose = Pick<NewEvent, 'storeId' | 'integrationId'>;

/** One row of the spool: events of one integration, and how many. */
export interface SpoolRow extends Whose {
  readonly count: number;
  readonly events: Buffer;
}

/** What the JSON in front of the bodies holds: what all share, and a line for each. */
type Head = readonly [format: typeof FORMAT, ...rest: Rest];
type Rest = readonly [pluginId: string, scope: string, lines: readonly Line[]];
type Line = readonly [
  id: string,
  eventId: string,
  type: string,
  object: string | null,
  account: string | null,
  at: number | null,
  /** As JSON; null where it is the body. */
  data: string | null,
  headers: NewEvent['headers'],
  state: NewEvent['state'],
  reason: string | null,
  receivedAt: number,
  bodyBytes: number,
];

const FORMAT = 1;
const LENGTH_BYTES = 4;
/** Of the lines and bodies of a row: with what stands beside them, they fit a page. */
const ROW_BYTES = 7000;

/** Events of one integration, as many in a row as fit a page; one that is larger has a row of its own. */
export function spoolRows(events: readonly NewEvent[]): SpoolRow[] {
  const rows: SpoolRow[] = [];
  let [first, room] = [0, ROW_BYTES];
  const lines = events.map((event) => json(lineOf(event)));
  for (const [at, line] of lines.entries()) {
    const bytes = Buffer.byteLength(line) + (events[at]?.raw.length ?? 0);
    if (bytes > room && at > first) {
      rows.push(rowOf(events.slice(first, at), lines.slice(first, at)));
      [first, room] = [at, ROW_BYTES];
    }
    room -= bytes;
  }
  rows.push(rowOf(events.slice(first), lines.slice(first)));
  return rows;
}

/** The length of a JSON, the JSON, and the bodies as they came. */
function rowOf(events: readonly NewEvent[], lines: readonly string[]): SpoolRow {
  const { pluginId = '', scope = '', storeId, integrationId } = events[0] ?? {};
  const text = Buffer.from(`[${FORMAT},${json(pluginId)},${json(scope)},[${lines.join(',')}]]`);
  const value = Buffer.allocUnsafe(events.reduce((sum, { raw }) => sum + raw.length, LENGTH_BYTES + text.length));
  let end = value.writeUInt32BE(text.length);
  end += text.copy(value, end);
  for (const { raw } of events) end += raw.copy(value, end);
  return { storeId, integrationId, count: events.length, events: value };
}

/** What this version cannot read. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** @throws Unreadable for what no version up to this one has written */
export function unpacked(value: Buffer, whose: Whose): NewEvent[] {
  const [format, ...rest] = headOf(value);
  if (format !== FORMAT) throw new Unreadable(`It is in format ${String(format)}, which this version does not know.`);
  try {
    return eventsOf(value, rest, whose);
  } catch {
    throw new Unreadable('It is damaged.');
  }
}

function headOf(value: Buffer): Head {
  try {
    return JSON.parse(value.toString('utf8', LENGTH_BYTES, LENGTH_BYTES + value.readUInt32BE())) as Head;
  } catch {
    throw new Unreadable('It is damaged.');
  }
}

function eventsOf(value: Buffer, [pluginId, scope, lines]: Rest, { storeId, integrationId }: Whose): NewEvent[] {
  let end = LENGTH_BYTES + value.readUInt32BE();
  const events = lines.map(([id, eventId, type, object, account, at, data, headers, state, reason, receivedAt, bodyBytes]) => {
    const raw = value.subarray(end, end + bodyBytes);
    end += bodyBytes;
    return {
      ...{ id, pluginId, scope, storeId, integrationId, eventId, type, raw, headers, state },
      account: account ?? undefined,
      object: object ?? undefined,
      at: at === null ? undefined : new Date(at),
      data: JSON.parse(data ?? raw.toString()) as NewEvent['data'],
      reason: reason ?? undefined,
      receivedAt: new Date(receivedAt),
    };
  });
  if (end !== value.length) throw new Error('bodies are missing');
  return events;
}

function lineOf(event: NewEvent): Line {
  const { id, eventId, type, object = null, account = null, at, headers, state, reason = null, receivedAt, raw } = event;
  const [happened, data] = [at?.getTime() ?? null, dataOf(event)];
  return [id, eventId, type, object, account, happened, data, headers, state, reason, receivedAt.getTime(), raw.length];
}

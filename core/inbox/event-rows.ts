import { createHash } from 'node:crypto';
import type { Integration } from '../integrations/integration-store.ts';
import { newId } from '../new-id.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import type { HubEvent, Incoming } from '../sdk/index.ts';
import type { NewEvent } from './event-store.ts';
import { harmlessHeaders, indexed, text } from './event-text.ts';
import { whyParked } from './outcome.ts';

interface Call {
  readonly plugin: Pick<RunnablePlugin, 'id'>;
  readonly req: Incoming;
  /** What such calls are proven by. */
  readonly secrets: readonly string[];
}

/** Together the rows of one call may hold this much of its body; beyond that each keeps its own part of it. */
const BODIES_LIMIT = 1_000_000;

export type OwnersOf = (event: HubEvent) => readonly Integration[];

/** What is stored of a verified call, one row for each event and place it goes to. */
export function rowsOf({ plugin, req, secrets }: Call, events: readonly HubEvent[], ownersOf: OwnersOf): NewEvent[] {
  const whole = Buffer.isBuffer(req.raw) ? req.raw : Buffer.from(req.raw.buffer, req.raw.byteOffset, req.raw.byteLength);
  const places = events.map((event) => placesOf(event, ownersOf(event)));
  const keepsAll = mayKeepAll(places, whole.length);
  const call = { pluginId: plugin.id, headers: keptHeaders(req, secrets), receivedAt: timeOf(req) };
  const rows: NewEvent[] = [];
  events.forEach((event, at) => {
    const terms = inOurTerms(event, { req, at, raw: keepsAll ? whole : undefined });
    for (const place of places[at] ?? []) rows.push(rowOf(call, terms, place));
  });
  return rows;
}

/** Field by field: spread, it is the dearest thing about a call. */
function rowOf(call: Pick<NewEvent, 'pluginId' | 'headers' | 'receivedAt'>, terms: Terms, place: Place): NewEvent {
  return {
    id: newId(),
    pluginId: call.pluginId,
    scope: place.scope,
    storeId: place.storeId,
    integrationId: place.integrationId,
    account: terms.account,
    eventId: terms.eventId,
    type: terms.type,
    object: terms.object,
    at: terms.at,
    data: terms.data,
    raw: terms.raw,
    headers: call.headers,
    state: place.state,
    reason: place.reason,
    receivedAt: call.receivedAt,
  };
}

let [stamp, time] = ['', new Date(Number.NaN)];

/** Calls of the same millisecond share it: reading a time costs as much as the rest of a row. */
function timeOf({ receivedAt }: Incoming): Date {
  if (receivedAt !== stamp) [stamp, time] = [receivedAt, new Date(receivedAt)];
  return time;
}

function keptHeaders({ headers, method, eventType }: Incoming, secrets: readonly string[]): Record<string, string> {
  const kept = harmlessHeaders(headers, secrets);
  kept[':method'] = method;
  if (eventType !== undefined) kept[':event-type'] = text(eventType);
  return kept;
}

/** A row is read by its store, so the whole body is for calls that are about one store, or one account nobody has yet. */
function mayKeepAll(places: readonly (readonly Place[])[], bytes: number): boolean {
  if (places.length === 1 && places[0]?.length === 1) return true;
  const all = places.flat();
  const readers = new Set(all.map(({ storeId, scope }) => storeId ?? `account ${scope}`));
  return readers.size <= 1 && bytes * all.length <= BODIES_LIMIT;
}

type Terms = Pick<NewEvent, 'eventId' | 'type' | 'account' | 'object' | 'at' | 'data' | 'raw'>;

/** An event without an id is named by the bytes it came in: sent again, it is the same. */
function inOurTerms(event: HubEvent, { req, at, raw }: { req: Incoming; at: number; raw: Buffer | undefined }): Terms {
  const { id, type, account, object, at: happened, data } = event;
  if (typeof type !== 'string' || type === '' || typeof data !== 'object' || data === null) {
    throw new Error('events() returned an event without type or data');
  }
  const time = happened === undefined ? Number.NaN : Date.parse(happened);
  return {
    eventId: id ? indexed(id) : `sha256:${createHash('sha256').update(req.raw).digest('hex')}:${at}`,
    type: text(type),
    account: account ? indexed(account) : undefined,
    object: object ? indexed(object) : undefined,
    at: Number.isNaN(time) ? undefined : new Date(time),
    data,
    raw: raw ?? Buffer.from(JSON.stringify(data)),
  };
}

type Place = Pick<NewEvent, 'scope' | 'storeId' | 'integrationId' | 'state' | 'reason'>;

function placesOf(event: HubEvent, owners: readonly Integration[]): Place[] {
  return owners.length > 0 ? owners.map(forOwner) : [forTray(event)];
}

function forOwner(owner: Integration): Place {
  const reason = whyParked(owner);
  const state = reason ? 'parked' : 'pending';
  return { scope: owner.id, storeId: owner.storeId, integrationId: owner.id, state, reason };
}

function forTray({ account }: HubEvent): Place {
  const reason = account ? 'No integration here has this account.' : 'The live change does not say which account it is about.';
  return {
    scope: account ? indexed(account) : '',
    storeId: undefined,
    integrationId: undefined,
    state: 'unmatched',
    reason,
  };
}

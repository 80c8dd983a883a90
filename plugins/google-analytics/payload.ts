import type { FieldFault } from 'patchbay';
import type { OutEvent } from './event-rules.ts';
import type { Config } from './manifest.ts';
import type { Payload } from './sending.ts';
import type { Visitor } from './visitor.ts';

const MOST_EVENTS = 25;
const MOST_BYTES = 129_000;
/** What the documents send, so that a visit counts as one. */
const ENGAGEMENT_MS = 100;

/** Consent as one call says it. */
export interface ConsentInput {
  readonly adUserData?: 'GRANTED' | 'DENIED';
  readonly adPersonalization?: 'GRANTED' | 'DENIED';
}

/** An event and who it is of. */
export interface Sent {
  readonly visitor: Visitor;
  readonly event: OutEvent;
}

/** What goes beside the events of a body. */
export interface Beside {
  readonly consent: Payload | undefined;
  readonly userData?: Payload | undefined;
  readonly userProperties?: Payload | undefined;
}

/** A body, and which of the events are in it. */
export interface Batch {
  readonly payload: Payload;
  readonly indexes: readonly number[];
}

/** What the call says of consent, else what the settings say; `undefined` where neither does. */
export function consentOf(input: ConsentInput, config: Config): Payload | undefined {
  const said = (given: string | undefined, usual: string | undefined) => given ?? (usual === 'unset' ? undefined : usual);
  const [adUserData, adPersonalization] = [
    said(input.adUserData, config.adUserData),
    said(input.adPersonalization, config.adPersonalization),
  ];
  if (!adUserData && !adPersonalization) return undefined;
  return { ...(adUserData && { ad_user_data: adUserData }), ...(adPersonalization && { ad_personalization: adPersonalization }) };
}

/** The event with what says to which visit it belongs. */
export function withVisit(event: OutEvent, { sessionId }: Visitor): OutEvent {
  const visit = { ...(sessionId && { session_id: sessionId }), engagement_time_msec: ENGAGEMENT_MS };
  return { name: event.name, params: { ...visit, ...event.params } };
}

/** Bodies of at most 25 events and 130 kB, each of one visitor. */
export function batches(all: readonly Sent[], beside: Beside): Batch[] {
  const made: { head: Payload; key: string; events: object[]; indexes: number[] }[] = [];
  for (const [index, { visitor, event }] of all.entries()) {
    const head = headOf(visitor, beside);
    const key = JSON.stringify(head);
    const entry = {
      name: event.name,
      ...(visitor.timestampMicros !== undefined && { timestamp_micros: visitor.timestampMicros }),
      params: event.params,
    };
    const open = made.findLast((batch) => batch.key === key);
    const fits = open && open.events.length < MOST_EVENTS && bytesOf({ ...head, events: [...open.events, entry] }) <= MOST_BYTES;
    if (open && fits) {
      open.events.push(entry);
      open.indexes.push(index);
    } else made.push({ head, key, events: [entry], indexes: [index] });
  }
  return made.map(({ head, events, indexes }) => ({ payload: { ...head, events }, indexes }));
}

/** Bodies that are too large with one event alone. */
export function sizeFaults(made: readonly Batch[], at: (index: number) => string): FieldFault[] {
  return made
    .filter(({ payload }) => bytesOf(payload) > MOST_BYTES)
    .map(({ indexes: [index = 0] }) => ({
      pointer: at(index),
      message: 'Google takes at most 130 kB at once. Send fewer items or shorter texts.',
    }));
}

function headOf({ clientId, userId }: Visitor, { consent, userData, userProperties }: Beside): Payload {
  return {
    client_id: clientId,
    ...(userId && { user_id: userId }),
    ...(consent && { consent }),
    ...(userData && { user_data: userData }),
    ...(userProperties && { user_properties: userProperties }),
  };
}

function bytesOf(payload: Payload): number {
  return Buffer.byteLength(JSON.stringify(payload));
}

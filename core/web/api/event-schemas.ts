import { anything, listOf, mapOf, moment, named, object, oneOfTexts, orNull, text, uuid, whole } from './schema.ts';
import { EVENT_STATE } from './schemas.ts';

const EVENT_FIELDS = {
  id: uuid,
  pluginId: text,
  eventId: { ...text, description: 'The provider’s.' },
  type: text,
  object: orNull(text),
  at: orNull(moment),
  state: oneOfTexts(EVENT_STATE),
  reason: orNull(text),
  attempts: whole,
  runAfter: { ...moment, description: 'When it is tried next, while pending.' },
  receivedAt: moment,
  handledAt: orNull(moment),
};

export const EVENT = named('Event', object(EVENT_FIELDS));

export const UNLISTED = named('UnlistedEvents', {
  ...object({
    count: { ...whole, description: 'Each will be listed at the time it came; one that came twice is counted twice.' },
    since: { ...orNull(moment), description: 'When the first of these came: read again from here. Null where there is none.' },
    unreadable: { ...whole, description: 'Further ones, kept, that this version of the hub cannot read; its operator is told.' },
  }),
  description: 'What was accepted from the provider and is not in this list yet, whatever is asked of the list.',
});

const ATTEMPT = object(
  { at: moment, outcome: oneOfTexts(['handled', 'parked', 'dead', 'retry']), ms: whole, plugin: text, reason: text },
  ['plugin', 'reason'],
);

export const WHOLE_EVENT = named(
  'EventWithTrail',
  object({ ...EVENT_FIELDS, headers: mapOf(text), trail: listOf(ATTEMPT), bytes: whole }),
);

export const KEPT = object({ state: oneOfTexts(['parked', 'dead']), reason: orNull(text), count: whole, latest: moment });

export const TRAY = named(
  'Tray',
  object({
    pluginId: text,
    state: oneOfTexts(['unmatched', 'unverified']),
    reason: orNull(text),
    count: whole,
    oldest: moment,
  }),
);

export const PREVIEW = object({
  matching: whole,
  plugin: text,
  previews: listOf(
    object(
      {
        id: uuid,
        type: text,
        receivedAt: moment,
        outcome: oneOfTexts(['handled', 'parked', 'dead', 'retry']),
        reason: text,
        changes: listOf(anything),
      },
      ['reason'],
    ),
  ),
});

export const REPLAYED = object({ replayed: whole });

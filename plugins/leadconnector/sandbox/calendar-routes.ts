import { checkBody, json, Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { Bookings } from './bookings.ts';
import { type Call, find, type Route, sameLocation } from './call.ts';
import { placeOf } from './demo.ts';
import { freeSlots } from './slots.ts';
import { isTimezone } from './time.ts';

const DAY = 86_400_000;
const EDITABLE = [
  'title',
  'meetingLocationType',
  'meetingLocationId',
  'overrideLocationConfig',
  'appointmentStatus',
  'assignedUserId',
  'description',
  'address',
  'ignoreDateRange',
  'toNotify',
  'ignoreFreeSlotValidation',
  'rrule',
  'endTime',
];
const STATUSES = ['new', 'confirmed', 'cancelled', 'showed', 'noshow', 'invalid'];

const desk = (call: Call) => new Bookings(call.world, call.hooks);
const event = (call: Call) => find(call, 'events', { id: call.params[0], name: 'Appointment' });

function checkStatus(call: Call): void {
  const status = call.body['appointmentStatus'];
  if (status !== undefined && !STATUSES.includes(String(status))) {
    throw new Refusal(422, [`appointmentStatus must be one of the following values: ${STATUSES.join(', ')}`]);
  }
}

function millis(call: Call, name: string): number {
  const value = call.req.query.get(name) ?? '';
  if (!/^\d{12,14}$/.test(value)) throw new Refusal(422, [`${name} must be a number of milliseconds`]);
  return Number(value);
}

/** Appointments or blocks that touch the window; exactly one owner must be named. */
function eventsIn(call: Call, blocks: boolean) {
  const { query } = call.req;
  sameLocation(call, query.get('locationId'));
  const [from, to] = [millis(call, 'startTime'), millis(call, 'endTime')];
  const owners = ['userId', 'calendarId', 'groupId'].filter((name) => query.get(name));
  if (owners.length !== 1) throw new Refusal(422, ['Either of userId, groupId or calendarId is required']);
  const matches = (doc: Doc) =>
    query.get('calendarId') ? doc['calendarId'] === query.get('calendarId') : doc['assignedUserId'] === query.get('userId');
  const events = call.world
    .at('events', call.location)
    .filter((doc) => (doc['kind'] === 'block') === blocks && matches(doc))
    .filter((doc) => Date.parse(String(doc['endTime'])) >= from && Date.parse(String(doc['startTime'])) <= to)
    .map(({ kind: _, ...doc }) => doc);
  return json(200, { events });
}

function slots(call: Call) {
  const calendar = desk(call).calendar(call.location, call.params[0]);
  const [from, to] = [millis(call, 'startDate'), millis(call, 'endDate')];
  if (to < from || to - from > 31 * DAY) throw new Refusal(400, 'The date range cannot be more than 31 days');
  const home = placeOf(call.location)?.timezone ?? 'UTC';
  const timezone = call.req.query.get('timezone') ?? home;
  if (!isTimezone(timezone)) throw new Refusal(422, ['timezone must be a valid IANA time zone']);
  const days = freeSlots({
    calendar,
    events: call.world.at('events', call.location),
    from: Math.max(from, Date.parse(call.now)),
    to,
    home,
    timezone,
    userId: call.req.query.get('userId') ?? undefined,
  });
  return json(200, days);
}

export const calendarRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/calendars/',
    scope: 'calendars.readonly',
    run(call) {
      sameLocation(call, call.req.query.get('locationId'));
      return json(200, { calendars: call.world.furniture(call.location).calendars });
    },
  },
  { method: 'GET', path: '/calendars/events', scope: 'calendars/events.readonly', run: (call) => eventsIn(call, false) },
  { method: 'GET', path: '/calendars/blocked-slots', scope: 'calendars/events.readonly', run: (call) => eventsIn(call, true) },
  { method: 'GET', path: '/calendars/{id}/free-slots', scope: 'calendars.readonly', run: slots },
  {
    method: 'POST',
    path: '/calendars/events/appointments',
    scope: 'calendars/events.write',
    run(call) {
      checkBody(call.body, ['calendarId', 'locationId', 'contactId', 'startTime'], EDITABLE);
      checkStatus(call);
      sameLocation(call, call.body['locationId']);
      const { createdBy: _, ...doc } = desk(call).book(call.location, call.body, call.now);
      return json(200, doc);
    },
  },
  {
    method: 'GET',
    path: '/calendars/events/appointments/{id}',
    scope: 'calendars/events.readonly',
    run: (call) => json(200, { event: event(call) }),
  },
  {
    method: 'PUT',
    path: '/calendars/events/appointments/{id}',
    scope: 'calendars/events.write',
    run(call) {
      checkBody(call.body, [], [...EDITABLE, 'calendarId', 'startTime']);
      checkStatus(call);
      return json(200, desk(call).update(event(call), call.body, call.now));
    },
  },
  {
    method: 'POST',
    path: '/calendars/events/block-slots',
    scope: 'calendars/events.write',
    run(call) {
      checkBody(call.body, ['locationId'], ['title', 'calendarId', 'assignedUserId', 'startTime', 'endTime']);
      sameLocation(call, call.body['locationId']);
      const { kind: _, ...block } = desk(call).block(call.location, call.body, call.now);
      return json(201, block);
    },
  },
  {
    method: 'DELETE',
    path: '/calendars/events/{id}',
    scope: 'calendars/events.write',
    run(call) {
      desk(call).remove(event(call));
      return json(201, { succeeded: true });
    },
  },
];

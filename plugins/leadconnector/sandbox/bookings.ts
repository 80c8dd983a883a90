import type { Raw } from 'patchbay';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { placeOf } from './demo.ts';
import type { Hooks } from './hooks.ts';
import { isFree } from './slots.ts';
import { zoned } from './time.ts';
import type { World } from './world.ts';

/** Books, moves and removes appointments and blocks, with the webhook that follows. */
export class Bookings {
  readonly #world: World;
  readonly #hooks: Hooks;

  constructor(world: World, hooks: Hooks) {
    this.#world = world;
    this.#hooks = hooks;
  }

  book(locationId: string, given: Raw, now: string): Doc {
    const calendar = this.calendar(locationId, given['calendarId']);
    const contact = this.#world.get('contacts', String(given['contactId']));
    if (contact?.locationId !== locationId) throw new Refusal(400, `Contact with id ${String(given['contactId'])} not found`);
    const start = timeOf(given['startTime'], 'startTime');
    const end =
      given['endTime'] === undefined ? start + Number(calendar['slotDuration']) * 60_000 : timeOf(given['endTime'], 'endTime');
    this.#refuseTaken(calendar, { ...given, start, self: undefined });
    const members = calendar['teamMembers'] as { userId: string }[];
    const userId = typeof given['assignedUserId'] === 'string' ? given['assignedUserId'] : members[0]?.userId;
    const doc = this.#world.put('events', {
      id: this.#world.newId(),
      locationId,
      title: `${String(calendar['name'])}: ${String(contact['name'] ?? '')}`,
      appointmentStatus: 'confirmed',
      ...kept(given),
      calendarId: calendar.id,
      assignedUserId: userId,
      users: [userId],
      ...this.#times(locationId, start, end),
      dateAdded: now,
      dateUpdated: now,
      createdBy: { source: 'third_party' },
    });
    this.#hooks.emit(locationId, 'AppointmentCreate', { appointment: told(doc) });
    return doc;
  }

  update(before: Doc, given: Raw, now: string): Doc {
    const calendar = this.calendar(before.locationId, given['calendarId'] ?? before['calendarId']);
    const oldStart = Date.parse(String(before['startTime']));
    const start = given['startTime'] === undefined ? oldStart : timeOf(given['startTime'], 'startTime');
    const length = Date.parse(String(before['endTime'])) - oldStart;
    const end = given['endTime'] === undefined ? start + length : timeOf(given['endTime'], 'endTime');
    if (start !== oldStart) this.#refuseTaken(calendar, { ...given, start, self: before.id });
    const times = this.#times(before.locationId, start, end);
    const doc = this.#world.put('events', { ...before, ...kept(given), calendarId: calendar.id, ...times, dateUpdated: now });
    this.#hooks.emit(doc.locationId, 'AppointmentUpdate', { appointment: told(doc) });
    return doc;
  }

  remove(doc: Doc): void {
    this.#world.remove('events', doc.id);
    if (doc['kind'] !== 'block') this.#hooks.emit(doc.locationId, 'AppointmentDelete', { appointment: told(doc) });
  }

  block(locationId: string, given: Raw, now: string): Doc {
    const { calendarId, assignedUserId } = given;
    if (Boolean(calendarId) === Boolean(assignedUserId)) {
      throw new Refusal(422, ['Either calendarId or assignedUserId can be set, not both.']);
    }
    if (calendarId) this.calendar(locationId, calendarId);
    const start = timeOf(given['startTime'], 'startTime');
    const end = timeOf(given['endTime'], 'endTime');
    if (end <= start) throw new Refusal(422, ['endTime must be after startTime']);
    const times = this.#times(locationId, start, end);
    return this.#world.put('events', { ...given, kind: 'block', id: this.#world.newId(), locationId, ...times, dateAdded: now });
  }

  calendar(locationId: string, id: unknown): Doc {
    const found = this.#world.furniture(locationId).calendars.find((calendar) => calendar.id === id);
    if (!found) throw new Refusal(400, `Calendar with id ${String(id)} not found`);
    return found;
  }

  #times(locationId: string, start: number, end: number): { startTime: string; endTime: string } {
    const timezone = placeOf(locationId)?.timezone ?? 'UTC';
    return { startTime: zoned(start, timezone), endTime: zoned(end, timezone) };
  }

  #refuseTaken(calendar: Doc, given: Raw & { start: number; self: string | undefined }): void {
    if (given['ignoreFreeSlotValidation'] === true) return;
    const events = this.#world.at('events', calendar.locationId).filter((event) => event.id !== given.self);
    const home = placeOf(calendar.locationId)?.timezone ?? 'UTC';
    if (!isFree({ calendar, events, home, userId: undefined }, given.start)) {
      throw new Refusal(400, 'The slot you have selected is no longer available.');
    }
  }
}

/** What of a body becomes part of the appointment. */
function kept(given: Raw): Raw {
  const names = ['title', 'contactId', 'appointmentStatus', 'assignedUserId', 'description', 'address', 'meetingLocationType'];
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])));
}

function told(doc: Doc): object {
  const { locationId: _, createdBy: __, notes: ___, ...rest } = doc;
  return { ...rest, source: 'calendar' };
}

function timeOf(value: unknown, name: string): number {
  const time = typeof value === 'string' && /T.*(Z|[+-]\d{2}:?\d{2})$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(time)) throw new Refusal(422, [`${name} must be a valid ISO 8601 date string`]);
  return time;
}

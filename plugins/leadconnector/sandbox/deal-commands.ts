import { Rejected, type SandboxCommand } from 'patchbay';
import { command } from 'patchbay/simulator';
import { Bookings } from './bookings.ts';
import { placeOf } from './demo.ts';
import { type Desk, home, idField, locationField, pick } from './desk.ts';
import { Opportunities } from './opportunities.ts';
import { freeSlots } from './slots.ts';

const bookAppointment = (desk: Desk) =>
  command({
    title: 'Book an appointment',
    description: 'In the next free slot of the location’s first calendar.',
    input: { type: 'object', properties: { location: locationField, contactId: idField('Contact ID') } },
    async run({ location = home, contactId }) {
      const contact = pick(desk, 'contacts', { id: contactId, location });
      const [calendarId, startTime] = nextFree(desk, contact.locationId);
      const given = { calendarId, contactId: contact.id, startTime };
      const event = new Bookings(desk.world, desk.hooks).book(contact.locationId, given, desk.now());
      return {
        message: `Booked ${String(event['title'])} on ${startTime.replace('T', ' at ').replace(/:\d\d(\.\d+)?([+-]\d\d:\d\d|Z)$/, '')}.`,
        appointmentId: event.id,
        contactId: contact.id,
      };
    },
  });

const addOpportunity = (desk: Desk) =>
  command({
    title: 'Add an opportunity',
    input: {
      type: 'object',
      properties: {
        location: locationField,
        contactId: idField('Contact ID'),
        name: { type: 'string', title: 'Name', default: 'Sandbox deal' },
        value: { type: 'number', title: 'Value', default: 250, minimum: 0 },
      },
    },
    async run({ location = home, contactId, name = 'Sandbox deal', value = 250 }) {
      const contact = pick(desk, 'contacts', { id: contactId, location });
      const pipelineId = desk.world.furniture(contact.locationId).pipelines[0]?.id;
      const given = { name, status: 'open', monetaryValue: value, contactId: contact.id, pipelineId };
      const deal = new Opportunities(desk.world, desk.hooks).create(contact.locationId, given, desk.now());
      return { message: `Added ${name}.`, opportunityId: deal.id, contactId: contact.id };
    },
  });

function nextFree(desk: Desk, locationId: string): readonly [string, string] {
  const calendar = desk.world.furniture(locationId).calendars[0];
  const timezone = placeOf(locationId)?.timezone ?? 'UTC';
  const from = Date.parse(desk.now());
  const events = desk.world.at('events', locationId);
  const days =
    calendar && freeSlots({ calendar, events, from, to: from + 30 * 86_400_000, home: timezone, timezone, userId: undefined });
  const [first] = Object.keys(days ?? {}).sort();
  const slot = first && days?.[first]?.slots[0];
  if (!calendar || !slot) throw new Rejected('No free slot within 30 days.');
  return [calendar.id, slot];
}

/** Bookings and sales. */
export function dealCommands(desk: Desk): Record<string, SandboxCommand> {
  return { bookAppointment: bookAppointment(desk), addOpportunity: addOpportunity(desk) };
}

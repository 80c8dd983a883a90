import { Random } from 'patchbay/simulator';
import { DEMO_COMPANY_ID, type Place } from './demo.ts';
import { fromWallClock, zoned } from './time.ts';

/** An object as the provider keeps it. */
export type Doc = Readonly<Record<string, unknown>> & { readonly id: string; readonly locationId: string };

/** What never changes in a location. */
export interface Furniture {
  readonly location: Doc;
  readonly users: readonly Doc[];
  readonly calendars: readonly Doc[];
  readonly pipelines: readonly Doc[];
  readonly customFields: readonly Doc[];
}

const DAY = 86_400_000;
const FIRST =
  'Ada Ben Clara David Ella Farid Grace Hugo Iris Jonas Kofi Lena Marta Noah Olga Paul Quinn Rosa Sam Tara Uma Victor'.split(' ');
const LAST = 'Adams Brandt Costa Diaz Evans Fischer Gupta Hansen Ito Jones Klein Lopez Moore Nowak Okoro Patel Reyes Singh'.split(
  ' ',
);
const SOURCES = ['website form', 'walk-in', 'referral', 'instagram', 'import'];
const TEAM = ['Mia Keller', 'Leo Park', 'Nina Duarte'];

export function furnish(place: Place): Furniture {
  const random = new Random(place.seed);
  const at = { locationId: place.id };
  const users = TEAM.map((name) => {
    const [firstName = '', lastName = ''] = name.split(' ');
    const email = `${firstName}@${place.id}.example`.toLowerCase();
    return { id: random.letters(20), ...at, name, firstName, lastName, email, deleted: false };
  });
  return {
    users,
    location: locationDoc(place),
    calendars: place.calendars.map((calendar) => calendarDoc(place, random.letters(20), { ...calendar, users })),
    pipelines: place.stages.map(({ pipeline, stages }) => ({
      id: random.letters(20),
      ...at,
      name: pipeline,
      stages: stages.map((name, position) => ({ id: random.letters(20), name, position })),
      showInFunnel: true,
      showInPieChart: true,
    })),
    customFields: ['Goal', 'Referred by'].map((name, position) => ({
      id: random.letters(20),
      ...at,
      name,
      fieldKey: `contact.${name.toLowerCase().replace(' ', '_')}`,
      dataType: 'TEXT',
      model: 'contact',
      position,
    })),
  };
}

function locationDoc(place: Place): Doc {
  return {
    id: place.id,
    locationId: place.id,
    companyId: DEMO_COMPANY_ID,
    name: place.name,
    city: place.city,
    state: place.state,
    timezone: place.timezone,
    email: `hello@${place.id.toLowerCase()}.example`,
    settings: { allowDuplicateContact: false, allowDuplicateOpportunity: false },
  };
}

function calendarDoc(place: Place, id: string, given: { name: string; minutes: number; users: readonly Doc[] }): Doc {
  return {
    id,
    locationId: place.id,
    name: given.name,
    isActive: true,
    calendarType: 'round_robin',
    slotDuration: given.minutes,
    slotDurationUnit: 'mins',
    slotInterval: given.minutes,
    slotIntervalUnit: 'mins',
    teamMembers: given.users.map(({ id: userId }, index) => ({ userId, priority: 0.5, isPrimary: index === 0 })),
    openHours: [{ daysOfTheWeek: [1, 2, 3, 4, 5], hours: [{ openHour: 9, openMinute: 0, closeHour: 17, closeMinute: 0 }] }],
  };
}

/** Every fifth contact came by one import: more of one moment than a page holds, which is what trips careless paging. */
export function baseContacts(place: Place, furniture: Furniture, epoch: number): Doc[] {
  const random = new Random(place.seed * 1000 + 1);
  const imported = epoch - 200 * DAY;
  return Array.from({ length: place.contacts }, (_, index) => {
    const [firstName, lastName] = [random.pick(FIRST), random.pick(LAST)];
    const added = index % 5 === 0 ? imported : epoch - DAY - random.below(700 * DAY);
    const updated = index % 5 === 0 ? imported : added + random.below(epoch - 3_600_000 - added);
    return {
      id: random.letters(20),
      locationId: place.id,
      firstName,
      lastName,
      name: `${firstName} ${lastName}`,
      email: `${firstName}.${lastName}.${index}@mail.example`.toLowerCase(),
      phone: `+1555${String(place.seed * 100_000 + index).padStart(7, '0')}`,
      city: place.city,
      state: place.state,
      country: place.timezone.startsWith('Europe') ? 'GB' : 'US',
      timezone: place.timezone,
      type: 'lead',
      dnd: random.chance(0.03),
      source: index % 5 === 0 ? 'import' : random.pick(SOURCES),
      tags: place.tags.filter(() => random.chance(0.25)),
      customFields: random.chance(0.3) ? [{ id: furniture.customFields[0]?.id, value: 'More energy' }] : [],
      ...(random.chance(0.5) && { assignedTo: random.pick(furniture.users).id }),
      dateAdded: new Date(added).toISOString(),
      dateUpdated: new Date(updated).toISOString(),
    };
  });
}

/** Three bookings on most working days, from six weeks ago to four weeks ahead. */
export function baseEvents(place: Place, furniture: Furniture, given: { epoch: number; contacts: readonly Doc[] }): Doc[] {
  const random = new Random(place.seed * 1000 + 2);
  const midnight = Math.floor(given.epoch / DAY) * DAY;
  const events: Doc[] = [];
  for (let day = -42; day <= 28; day += 1) {
    for (const calendar of furniture.calendars) {
      const date = new Date(midnight + day * DAY).toISOString().slice(0, 10);
      const start = fromWallClock(date, (9 + random.below(7)) * 60, place.timezone);
      const [contact, user] = [random.pick(given.contacts), random.pick(furniture.users)];
      const id = random.letters(20);
      if ([0, 6].includes(new Date(start).getUTCDay()) || random.chance(0.2)) continue;
      const booked = new Date(Math.min(start, given.epoch) - 3 * DAY).toISOString();
      events.push({
        id,
        locationId: place.id,
        calendarId: calendar.id,
        contactId: contact.id,
        title: `${String(calendar['name'])}: ${String(contact['name'])}`,
        appointmentStatus: start < given.epoch ? random.pick(['showed', 'showed', 'noshow', 'cancelled']) : 'confirmed',
        assignedUserId: user.id,
        users: [user.id],
        startTime: zoned(start, place.timezone),
        endTime: zoned(start + Number(calendar['slotDuration']) * 60_000, place.timezone),
        dateAdded: booked,
        dateUpdated: booked,
      });
    }
  }
  return events;
}

export function baseOpportunities(place: Place, furniture: Furniture, given: { epoch: number; contacts: readonly Doc[] }): Doc[] {
  const random = new Random(place.seed * 1000 + 3);
  return Array.from({ length: place.opportunities }, () => {
    const [contact, pipeline] = [random.pick(given.contacts), random.pick(furniture.pipelines)];
    const created = given.epoch - DAY - random.below(300 * DAY);
    const updated = new Date(created + random.below(given.epoch - 3_600_000 - created)).toISOString();
    const stages = pipeline['stages'] as { id: string }[];
    return {
      id: random.letters(20),
      locationId: place.id,
      name: `${String(contact['name'])}: ${String(pipeline['name'])}`,
      monetaryValue: 50 * (1 + random.below(40)),
      pipelineId: pipeline.id,
      pipelineStageId: random.pick(stages).id,
      status: random.pick(['open', 'open', 'open', 'won', 'lost', 'abandoned']),
      source: random.pick(SOURCES),
      contactId: contact.id,
      customFields: [],
      createdAt: new Date(created).toISOString(),
      updatedAt: updated,
      lastStatusChangeAt: updated,
      lastStageChangeAt: updated,
    };
  });
}

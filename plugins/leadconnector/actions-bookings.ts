import { action, type Effect, filled, isRaw, type Raw, Rejected, text } from 'patchbay';
import { CALENDARS, listCalendars, readAppointment } from './api.ts';
import type { Context } from './manifest.ts';
import { appointmentItem, calendarItem, timeFrom } from './records.ts';
import { copied, idIn, timeField, timeOf, whenOf, writing } from './writing.ts';

const DAY = 86_400_000;
const LONGEST_DAYS = 31;

const calendarId = { type: 'string', title: 'Calendar', 'x-options': 'calendars', minLength: 1 } as const;
const appointmentId = {
  type: 'string',
  title: 'Appointment ID',
  minLength: 1,
  maxLength: 64,
  'x-record': 'appointments',
} as const;
const startTime = timeField('Start');
const endTime = timeField('End', 'Left empty, the usual length is kept.');
const notify = {
  type: 'boolean',
  title: 'Notify',
  description: 'Let reminders and automations of LeadConnector run.',
  default: true,
} as const;

function copyOf(ctx: Context, id: string): Promise<readonly Effect[]> {
  return copied(ctx, 'appointments', async () => appointmentItem(await readAppointment(ctx.http, id)));
}

function put(ctx: Context, id: string, json: object) {
  return ctx.http.put<Raw>(`/calendars/events/appointments/${encodeURIComponent(id)}`, { json, headers: CALENDARS });
}

/** Throws with the faulty field where `to` is not after `from`. */
function inOrder(from: string, to: string, pointer: string): { from: number; to: number } {
  const span = { from: timeOf(from, pointer), to: timeOf(to, pointer) };
  if (span.to > span.from) return span;
  throw new Rejected('The end must be after the start.', { fields: [{ pointer, message: 'Choose a time after the start.' }] });
}

const calendars = action({
  title: 'List calendars',
  description: 'Reads the calendars as they are now.',
  input: { type: 'object', properties: {} },
  async run(ctx: Context) {
    const found = await listCalendars(ctx.http, ctx.account.externalId);
    const items = found.flatMap((raw) => calendarItem(raw) ?? []);
    return { data: { calendars: found }, effects: [{ kind: 'records', stream: 'calendars', items }] };
  },
});

const freeSlots = action({
  title: 'Find free slots',
  description: 'Free times of a calendar, at most 31 days at once.',
  input: {
    type: 'object',
    properties: {
      calendarId,
      from: timeField('From'),
      to: timeField('To', 'At most 31 days later.'),
      timezone: { type: 'string', title: 'Time zone', description: 'Empty: the location’s own.', maxLength: 60 },
      userId: { type: 'string', title: 'Team member', 'x-options': 'users' },
    },
    required: ['calendarId', 'from', 'to'],
  },
  async run(ctx: Context, input) {
    const { from, to } = inOrder(input.from, input.to, '/to');
    if (to - from > LONGEST_DAYS * DAY) {
      throw new Rejected('Free slots can be asked for 31 days at once.', {
        fields: [{ pointer: '/to', message: 'Choose a time at most 31 days after the start.' }],
      });
    }
    const timezone = input.timezone ?? ctx.account.vars?.['timezone'];
    const reply = await ctx.http.get<Raw>(`/calendars/${encodeURIComponent(input.calendarId)}/free-slots`, {
      query: { startDate: from, endDate: to, timezone, userId: input.userId },
      headers: CALENDARS,
    });
    const days = slotsByDay(reply.data);
    return { data: { days, slots: Object.values(days).flat(), ...(timezone && { timezone }) } };
  },
});

/** The answer mixes dates with other keys (`traceId`). */
function slotsByDay(data: unknown): Record<string, string[]> {
  const days = Object.entries(isRaw(data) ? data : {}).filter(([key]) => /^\d{4}-\d{2}-\d{2}$/.test(key));
  return Object.fromEntries(
    days.sort().map(([day, value]) => {
      const slots = isRaw(value) ? value['slots'] : undefined;
      return [day, Array.isArray(slots) ? slots.filter((slot) => typeof slot === 'string') : []];
    }),
  );
}

const blockSlot = action({
  title: 'Block a time',
  description: 'Nobody can book it. Choose a calendar or a team member, not both.',
  input: {
    type: 'object',
    properties: {
      calendarId: { type: 'string', title: 'Calendar', 'x-options': 'calendars' },
      assignedUserId: { type: 'string', title: 'Team member', 'x-options': 'users' },
      title: { type: 'string', title: 'Title', default: 'Blocked', maxLength: 200 },
      startTime,
      endTime: timeField('End'),
    },
    required: ['startTime', 'endTime'],
  },
  async run(ctx: Context, input) {
    inOrder(input.startTime, input.endTime, '/endTime');
    if (Boolean(input.calendarId) === Boolean(input.assignedUserId)) {
      throw new Rejected('Choose a calendar or a team member, not both.', {
        fields: [{ pointer: '/calendarId', message: 'Fill in this or the team member.' }],
      });
    }
    const json = { ...filled(input), locationId: ctx.account.externalId };
    const reply = await ctx.http.post<Raw>('/calendars/events/block-slots', { json, headers: CALENDARS });
    return { data: { message: `Blocked ${whenOf(ctx, input.startTime)}.`, block: reply.data } };
  },
});

const book = action({
  title: 'Book an appointment',
  description: 'Books a time in a calendar for a contact.',
  input: {
    type: 'object',
    properties: {
      calendarId,
      contactId: { type: 'string', title: 'Contact ID', minLength: 1, maxLength: 64, 'x-record': 'contacts' },
      startTime,
      endTime,
      title: { type: 'string', title: 'Title', maxLength: 300 },
      assignedUserId: { type: 'string', title: 'Team member', 'x-options': 'users' },
      address: { type: 'string', title: 'Place', maxLength: 300 },
      notify,
    },
    required: ['calendarId', 'contactId', 'startTime'],
  },
  async run(ctx: Context, input) {
    if (input.endTime) inOrder(input.startTime, input.endTime, '/endTime');
    const { notify: toNotify = true, ...rest } = input;
    const json = { ...filled(rest), locationId: ctx.account.externalId, appointmentStatus: 'confirmed', toNotify };
    const reply = await ctx.http.post<Raw>('/calendars/events/appointments', { json, headers: CALENDARS });
    const message = `Booked for ${whenOf(ctx, input.startTime)}.`;
    return { data: { message, appointment: reply.data }, effects: await copyOf(ctx, idIn(reply.data)) };
  },
});

const reschedule = action({
  title: 'Move an appointment',
  description: 'Moves an appointment to another time.',
  input: {
    type: 'object',
    properties: { appointmentId, startTime, endTime, notify },
    required: ['appointmentId', 'startTime'],
  },
  async run(ctx: Context, input) {
    const end = input.endTime ?? (await endOfMoved(ctx, input.appointmentId, input.startTime));
    if (end) inOrder(input.startTime, end, '/endTime');
    const json = { startTime: input.startTime, ...(end && { endTime: end }), toNotify: input.notify ?? true };
    const reply = await put(ctx, input.appointmentId, json);
    const message = `Moved to ${whenOf(ctx, input.startTime)}.`;
    return { data: { message, appointment: reply.data }, effects: await copyOf(ctx, input.appointmentId) };
  },
});

/** As long as it was. */
async function endOfMoved(ctx: Context, id: string, start: string): Promise<string | undefined> {
  const now = await readAppointment(ctx.http, id);
  const [from, to] = [timeFrom(now['startTime']), timeFrom(now['endTime'])];
  if (!from || !to) return undefined;
  return new Date(timeOf(start, '/startTime') + Date.parse(to) - Date.parse(from)).toISOString();
}

const cancel = action({
  title: 'Cancel an appointment',
  description: 'It stays in the calendar, marked as cancelled.',
  input: { type: 'object', properties: { appointmentId, notify }, required: ['appointmentId'] },
  async run(ctx: Context, input) {
    const reply = await put(ctx, input.appointmentId, { appointmentStatus: 'cancelled', toNotify: input.notify ?? true });
    const id = text(reply.data?.['id']) ?? input.appointmentId;
    const message = 'Cancelled. It stays in the calendar, marked as cancelled.';
    return { data: { message, appointment: reply.data }, effects: await copyOf(ctx, id) };
  },
});

export const bookingActions = {
  listCalendars: calendars,
  getFreeSlots: freeSlots,
  ...writing({
    createBlockSlot: blockSlot,
    bookAppointment: book,
    rescheduleAppointment: reschedule,
    cancelAppointment: cancel,
  }),
};

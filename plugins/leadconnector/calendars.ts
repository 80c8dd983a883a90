import { type Checkpoint, type Page, type Raw, text } from 'patchbay';
import { CALENDARS, listCalendars, listed } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { appointmentItem, calendarItem, sorted, timeFrom } from './records.ts';

const DAY = 86_400_000;
/** Appointments are read from this long ago to that far ahead: there is no "changed since", and no end to a calendar. */
const PAST = 90 * DAY;
const AHEAD = 365 * DAY;
const WINDOW = 91 * DAY;
/** The run's start as the hub and as this plugin saw it may differ; near the edges nothing is taken for deleted. */
const MARGIN = DAY;

export async function* calendars(ctx: Context): AsyncGenerator<Page, void> {
  const found = await listCalendars(ctx.http, ctx.account.externalId);
  yield { ...sorted(found, calendarItem), checkpoint: { calendars: found.length }, total: found.length };
}

/** Calendar by calendar in order of their ids, window by window: the position survives calendars that come and go. */
async function* syncAppointments(ctx: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const base = typeof from?.['base'] === 'number' ? from['base'] : Date.now();
  const doneCalendar = text(from?.['calendar']) ?? '';
  const doneWindow = typeof from?.['window'] === 'number' ? from['window'] : -1;
  const windows = Math.ceil((PAST + AHEAD) / WINDOW);
  for (const calendar of await chosenCalendars(ctx)) {
    if (calendar < doneCalendar) continue;
    for (let window = calendar === doneCalendar ? doneWindow + 1 : 0; window < windows; window += 1) {
      const startTime = base - PAST + window * WINDOW;
      const events = await readEvents(ctx, calendar, { startTime, endTime: Math.min(startTime + WINDOW - 1, base + AHEAD) });
      yield { ...sorted(events, appointmentItem), checkpoint: { base, calendar, window } };
    }
  }
}

async function chosenCalendars(ctx: Context): Promise<string[]> {
  const chosen = ctx.config.calendarIds ?? [];
  const found = await listCalendars(ctx.http, ctx.account.externalId);
  const ids = found.flatMap((calendar) => text(calendar['id']) ?? []);
  return ids.filter((id) => chosen.length === 0 || chosen.includes(id)).sort();
}

async function readEvents(ctx: Context, calendarId: string, time: { startTime: number; endTime: number }): Promise<Raw[]> {
  const reply = await ctx.http.get<Raw>('/calendars/events', {
    query: {
      locationId: ctx.account.externalId,
      calendarId,
      startTime: String(time.startTime),
      endTime: String(time.endTime),
    },
    headers: CALENDARS,
  });
  return listed(reply.data, 'events').filter((event) => event['deleted'] !== true && beginsIn(event, time));
}

/** Events across the edge of two windows come with both. */
function beginsIn(event: Raw, time: { startTime: number; endTime: number }): boolean {
  const start = Date.parse(timeFrom(event['startTime']) ?? '');
  return Number.isNaN(start) || (start >= time.startTime && start <= time.endTime);
}

/** Records outside the window were not looked for and stay. */
function covers(data: Readonly<Record<string, unknown>>, startedAt: string, config?: Config): boolean | 'unchosen' {
  const chosen = config?.calendarIds ?? [];
  if (chosen.length > 0 && !chosen.includes(String(data['calendarId']))) return 'unchosen';
  const start = Date.parse(timeFrom(data['startTime']) ?? '');
  const base = Date.parse(startedAt);
  return start > base - PAST + MARGIN && start < base + AHEAD - MARGIN;
}

export const appointments = { sync: syncAppointments, covers, follows: ['calendarIds'] } as const;

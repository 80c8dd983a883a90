import type { Doc } from './base.ts';
import { fromWallClock, zoned } from './time.ts';

const DAY = 86_400_000;

interface Hours {
  readonly openHour: number;
  readonly openMinute: number;
  readonly closeHour: number;
  readonly closeMinute: number;
}

export interface SlotQuery {
  readonly calendar: Doc;
  /** Bookings and blocks of the calendar's location. */
  readonly events: readonly Doc[];
  readonly from: number;
  readonly to: number;
  /** Of the location: opening hours are its wall clock. */
  readonly home: string;
  /** Of the answer. */
  readonly timezone: string;
  readonly userId: string | undefined;
}

/** Open hours less what is booked or blocked, by day of the asked time zone. */
export function freeSlots(query: SlotQuery): Record<string, { slots: string[] }> {
  const days: Record<string, { slots: string[] }> = {};
  const length = Number(query.calendar['slotDuration']) * 60_000;
  const busy = query.events.filter((event) => blocks(event, query)).map(spanOf);
  for (let time = query.from - DAY; time <= query.to + DAY; time += DAY) {
    for (const start of startsOf(query, zoned(time, query.home).slice(0, 10), length)) {
      if (start < query.from || start > query.to) continue;
      if (busy.some(([from, to]) => from < start + length && to > start)) continue;
      const text = zoned(start, query.timezone);
      const day = days[text.slice(0, 10)] ?? { slots: [] };
      if (!day.slots.includes(text)) day.slots.push(text);
      days[text.slice(0, 10)] = day;
    }
  }
  return days;
}

export function isFree(query: Omit<SlotQuery, 'from' | 'to' | 'timezone'>, start: number): boolean {
  const days = freeSlots({ ...query, from: start, to: start, timezone: 'UTC' });
  return Object.values(days).some(({ slots }) => slots.length > 0);
}

function blocks(event: Doc, query: SlotQuery): boolean {
  if (event['appointmentStatus'] === 'cancelled' || event['appointmentStatus'] === 'invalid') return false;
  if (event['calendarId'] === query.calendar.id) return true;
  return query.userId !== undefined && event['assignedUserId'] === query.userId;
}

function spanOf(event: Doc): readonly [number, number] {
  return [Date.parse(String(event['startTime'])), Date.parse(String(event['endTime']))];
}

function startsOf(query: SlotQuery, day: string, length: number): number[] {
  const weekday = new Date(`${day}T12:00:00Z`).getUTCDay();
  const open = query.calendar['openHours'] as { daysOfTheWeek: number[]; hours: Hours[] }[];
  return open
    .filter(({ daysOfTheWeek }) => daysOfTheWeek.includes(weekday))
    .flatMap(({ hours }) => hours)
    .flatMap((hours) => {
      const start = fromWallClock(day, hours.openHour * 60 + hours.openMinute, query.home);
      const end = fromWallClock(day, hours.closeHour * 60 + hours.closeMinute, query.home);
      return Array.from({ length: Math.max(0, Math.floor((end - start) / length)) }, (_, index) => start + index * length);
    });
}

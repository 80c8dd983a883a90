const DAY_MS = 86_400_000;

/** Made once for each zone: making one takes longer than a thousand uses. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The calendar day (`2026-11-20`) it is in a time zone (IANA name) at a moment in milliseconds. */
export function dayIn(timeZone: string, time: number): string {
  const known = calendars.get(timeZone);
  const calendar = known ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  if (!known) calendars.set(timeZone, calendar);
  return calendar.format(time);
}

/** The day so many days later, or earlier. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Every day of a range, both ends included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

const DAY_MS = 86_400_000;

/** Made once for each zone: making one takes longer than a thousand uses. */
const calendars = new Map<string, Intl.DateTimeFormat>();

/** The calendar day (`2026-11-20`) it is somewhere. */
export function dayIn(timeZone: string, time: number): string {
  const known = calendars.get(timeZone);
  const calendar = known ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  if (!known) calendars.set(timeZone, calendar);
  return calendar.format(time);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `2026-11-20` of `20261120`, as reports write days. */
export function dashed(compact: string): string | undefined {
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})$/.exec(compact) ?? [];
  return year && month && day ? `${year}-${month}-${day}` : undefined;
}

export const DAY = 86_400_000;

/** `2026-01-31T10:00:00+0000`, as the provider writes times. */
export function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** `2026-01-31`: the day it is in a time zone. */
export function dayIn(ms: number, timeZone: string): string {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    clocks.set(timeZone, clock);
  }
  return clock.format(ms);
}

/** Every day from one to the other, both included. */
export function daysBetween(since: string, until: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(since); at <= Date.parse(until); at += DAY) days.push(new Date(at).toISOString().slice(0, 10));
  return days;
}

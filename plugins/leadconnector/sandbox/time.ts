const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making one takes longer than asking it a thousand times. */
function clockOf(timezone: string): Intl.DateTimeFormat {
  const known = clocks.get(timezone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  clocks.set(timezone, clock);
  return clock;
}

/** Minutes a zone is ahead of UTC at a moment. */
function offsetMinutes(time: number, timezone: string): number {
  const parts = clockOf(timezone).formatToParts(time);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return Math.round((local - Math.floor(time / 1000) * 1000) / 60_000);
}

/** `2026-03-14T09:30:00-05:00`, as the provider writes calendar times. */
export function zoned(time: number, timezone: string): string {
  const offset = offsetMinutes(time, timezone);
  const sign = offset < 0 ? '-' : '+';
  const size = Math.abs(offset);
  const pad = (value: number) => String(value).padStart(2, '0');
  return `${new Date(time + offset * 60_000).toISOString().slice(0, 19)}${sign}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
}

/** The moment a wall clock of the zone shows this; asked twice, because the offset may change in between. */
export function fromWallClock(day: string, minutes: number, timezone: string): number {
  const wall = Date.parse(`${day}T00:00:00Z`) + minutes * 60_000;
  const guess = wall - offsetMinutes(wall, timezone) * 60_000;
  return wall - offsetMinutes(guess, timezone) * 60_000;
}

export function isTimezone(value: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

const zones = new Map<string, Intl.DateTimeFormat>();

/**
 * What a field for day and time holds, as a moment: `2026-11-24T09:30` in `America/Chicago` → `2026-11-24T09:30:00-06:00`.
 * Anything else stays as it is.
 */
export function fromClock(text: string, timeZone: string): string {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/.test(text)) return text;
  const asIfUtc = Date.parse(`${text}Z`);
  if (Number.isNaN(asIfUtc)) return text;
  const near = asIfUtc - milliseconds(offsetAt(asIfUtc, timeZone));
  return `${text.padEnd(19, ':00')}${offsetAt(near, timeZone)}`;
}

/** A moment as such a field holds it: the day and the minute in a time zone; empty for what is no moment. */
export function toClock(moment: string, timeZone: string): string {
  const time = Date.parse(fromClock(moment, timeZone));
  if (Number.isNaN(time)) return '';
  return new Date(time + milliseconds(offsetAt(time, timeZone))).toISOString().slice(0, 16);
}

/** `+05:30`. */
function offsetAt(time: number, timeZone: string): string {
  const zone = zones.get(timeZone) ?? new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  zones.set(timeZone, zone);
  const name = zone.formatToParts(time).find(({ type }) => type === 'timeZoneName');
  return name?.value.slice('GMT'.length) || '+00:00';
}

function milliseconds(offset: string): number {
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -60_000 : 60_000) * (hours * 60 + minutes);
}

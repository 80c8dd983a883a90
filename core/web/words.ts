const NUMBER = new Intl.NumberFormat('en-US');
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
const MOMENT = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });
const RELATIVE = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** `3412` → `3,412`. */
export function number(value: number): string {
  return NUMBER.format(value);
}

/** `plural(1, 'contact')` → `1 contact`, `plural(2, 'entry', 'entries')` → `2 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `21 Nov 2026`, in UTC. */
export function date(value: Date): string {
  return DATE.format(value);
}

/** `21 Nov 2026, 03:20 UTC`. */
export function moment(value: Date): string {
  return `${MOMENT.format(value)} UTC`;
}

/** `3 minutes ago`, `in 2 hours`, `just now`; a date once it is more than a month away. */
export function relative(value: Date, now: Date): string {
  const seconds = Math.round((value.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 5 ? 'in a moment' : 'just now';
  if (distance > 30 * 86_400) return date(value);
  for (const [unit, size] of STEPS) {
    if (distance >= size * 0.95) return RELATIVE.format(Math.round(seconds / size), unit);
  }
  return RELATIVE.format(Math.sign(seconds), 'minute');
}

/** `contacts` → `Contacts`, `clientId` → `Client id`: words for a name that came without a title. */
export function words(name: string): string {
  if (/\s/.test(name)) return name;
  const spaced = name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/[-_]+/g, ' ')
    .toLowerCase();
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

/** `['a', 'b', 'c']` → `a, b and c`. */
export function list(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}

import { reader } from './reader.ts';
import { t } from './texts.ts';

/** Europe's order of day and month, and no comma before the last "and". */
const FORMATS_OF: Readonly<Record<string, string>> = { en: 'en-GB' };

const STEPS: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

const numbers = cached((locale) => new Intl.NumberFormat(locale));
const dates = cached((locale, timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone }));
const shortDays = cached((locale) => new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', timeZone: 'UTC' }));
const plainDays = cached((locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }));
const plainMoments = cached(
  (locale) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' }),
);
const moments = cached(
  (locale, timeZone) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }),
);
const zones = cached((locale, timeZone) => new Intl.DateTimeFormat(locale, { timeZoneName: 'short', timeZone }));
const relatives = cached((locale) => new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }));
const lists = cached((locale) => new Intl.ListFormat(locale, { type: 'conjunction' }));

/** `3412` → `3,412`, as the reader writes numbers. */
export function number(value: number): string {
  return numbers().format(value);
}

/** `plural(1, 'contact')` → `1 contact`, `plural(2, 'entry', 'entries')` → `2 entries`; English only. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** `21 Nov 2026`, in the reader's zone. */
export function date(value: Date): string {
  return dates().format(value);
}

/** `2026-01-31` → `31 Jan`. */
export function shortDay(day: string): string {
  return shortDays().format(new Date(`${day}T00:00:00Z`));
}

/** `31 Jan 2026`: a day of no zone, kept as midnight UTC. */
export function plainDay(day: Date): string {
  return plainDays().format(day);
}

/** `31 Jan 2026, 09:30`: by a clock that is named beside it, kept as UTC. */
export function plainMoment(at: Date): string {
  return plainMoments().format(at);
}

/** `1204.50` of `USD` → `USD 1,204.50`, as the reader writes sums. */
export function amount(sum: string, currency: string): string {
  const digits = sum.split('.')[1]?.length ?? 0;
  const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits, currencyDisplay: 'code' } as const;
  return new Intl.NumberFormat(reader().locale, { style: 'currency', currency, ...shown }).format(Number(sum));
}

/** `21 Nov 2026, 03:20 UTC`, in the reader's zone. */
export function moment(value: Date): string {
  const zone = zones()
    .formatToParts(value)
    .find(({ type }) => type === 'timeZoneName');
  return `${moments().format(value)} ${zone?.value ?? ''}`;
}

/** `3 minutes ago`, `in 2 hours`, `just now`; a date once it is more than a month away. */
export function relative(value: Date, now: Date): string {
  const seconds = Math.round((value.getTime() - now.getTime()) / 1000);
  const distance = Math.abs(seconds);
  if (distance < 45) return seconds > 5 ? t('words.soon') : t('words.now');
  if (distance > 30 * 86_400) return date(value);
  for (const [unit, size] of STEPS) {
    if (distance >= size * 0.95) return relatives().format(Math.round(seconds / size), unit);
  }
  return relatives().format(Math.sign(seconds), 'minute');
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

/** A title within a sentence: `Ad groups` → `ad groups`, `SMS messages` as it is; German keeps its capitals. */
export function lowered(title: string): string {
  if (reader().locale !== 'en' || /^\S*[A-Z]\S*[A-Z]/.test(title)) return title;
  return title.charAt(0).toLowerCase() + title.slice(1);
}

/** `['a', 'b', 'c']` → `a, b and c`. */
export function list(parts: readonly string[]): string {
  return lists().format(parts);
}

/** The formatter for the reader; they are dear to make and few in number. */
function cached<T>(make: (locale: string, timeZone: string) => T): () => T {
  const made = new Map<string, T>();
  return () => {
    const { locale, timeZone } = reader();
    const known = made.get(`${locale} ${timeZone}`);
    if (known) return known;
    const fresh = make(FORMATS_OF[locale] ?? locale, timeZone);
    made.set(`${locale} ${timeZone}`, fresh);
    return fresh;
  };
}

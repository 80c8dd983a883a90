import type { ReadModel } from '../../integrations/model-reading.ts';
import { type Money, minorDigits, type Time } from '../../sdk/index.ts';
import { moment, words } from '../words.ts';

export interface FactView {
  readonly label: string;
  readonly value: string;
}

/** A record in its shared shape, as a list of facts. */
export interface ModelView {
  /** `payment` */
  readonly kind: string;
  readonly article: 'a' | 'an';
  readonly facts: readonly FactView[];
}

export function modelView({ kind, ...fields }: ReadModel): ModelView {
  const facts = Object.entries(fields).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === '' ? [] : [{ label: words(name), value: text }];
  });
  return { kind, article: /^[aeio]/.test(kind) ? 'an' : 'a', facts };
}

/** What a record is called by its shape where its own data has no name; money is what a payment or invoice is known by. */
const NAMES = ['name', 'title', 'subject', 'email', 'number', 'amount', 'total', 'price'];

export function modelLabel(model: ReadModel): string | undefined {
  return NAMES.map((name) => textOf(model[name])).find((text) => text !== '');
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  if (typeof value !== 'object') return String(value);
  if ('at' in value) return timeText(value as Time);
  if ('amount' in value && 'currency' in value) return moneyText(value as Money);
  return Object.entries(value)
    .map(([name, one]) => `${words(name)} ${textOf(one)}`)
    .join(', ');
}

function timeText({ at, zone }: Time): string {
  const time = new Date(at);
  const text = Number.isNaN(time.getTime()) ? at : moment(time);
  return zone === undefined ? text : `${text} (${zone})`;
}

/** In the currency's own unit: the shape counts in the smallest. */
function moneyText({ amount, currency }: Money): string {
  try {
    const digits = minorDigits(currency);
    const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat('en', { style: 'currency', currency, ...shown }).format(amount / 10 ** digits);
  } catch {
    return `${amount} ${currency}`;
  }
}

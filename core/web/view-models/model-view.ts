import type { ReadModel } from '../../integrations/model-reading.ts';
import { type Money, minorDigits, type Time } from '../../sdk/index.ts';
import { moment, number, words } from '../words/format.ts';
import { forReader, reader } from '../words/reader.ts';
import { t } from '../words/texts.ts';

export interface FactView {
  readonly label: string;
  readonly value: string;
}

/** A record in its shared shape, as a list of facts. */
export interface ModelView {
  /** `As a payment` */
  readonly title: string;
  readonly facts: readonly FactView[];
}

export function modelView({ kind, ...fields }: ReadModel): ModelView {
  const facts = Object.entries(fields).flatMap(([name, value]) => {
    const text = textOf(value);
    return text === '' ? [] : [{ label: words(name), value: text }];
  });
  return { title: t(`records.model.${kind}`), facts };
}

/** What a record is called by its shape where its own data has no name; money is what a payment or invoice is known by. */
const NAMES = ['name', 'title', 'subject', 'email', 'number', 'amount', 'total', 'price'];

export function modelLabel(model: ReadModel): string | undefined {
  return NAMES.map((name) => textOf(model[name])).find((text) => text !== '');
}

/** What a list shows beside the name: amounts, state, whom it is about, when; of a report its first figures. */
const BESIDE = ['amount', 'total', 'price', 'refunded', 'value', 'status', 'email', 'phone', 'at', 'from', 'start', 'due'];
const FIGURES = 4;

export function modelNote(model: ReadModel, label: string): string {
  const { metrics, currency } = model as { metrics?: unknown; currency?: unknown };
  const figures = Object.entries(typeof metrics === 'object' && metrics ? metrics : {})
    .slice(0, FIGURES)
    .map(([name, value]) => `${words(name)} ${figureText(name, value, currency)}`);
  const beside = figures.length > 0 ? [] : BESIDE.map((name) => textOf(model[name]));
  return [...new Set([...figures, ...beside])].filter((text) => text !== '' && text !== label).join(' · ');
}

/** By the names the field uses for money; a figure of another name is a number. */
const MONEY = /(revenue|spend|cost|amount|value|cpc|cpm|price)$/i;

function figureText(name: string, value: unknown, currency: unknown): string {
  if (typeof value !== 'number') return textOf(value);
  if (typeof currency === 'string' && MONEY.test(name) && Number.isInteger(value)) return moneyText({ amount: value, currency });
  return number(Math.round(value * 100) / 100);
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
  if (Number.isNaN(time.getTime())) return zone === undefined ? at : `${at} (${zone})`;
  const text = moment(time);
  return zone === undefined || zone === reader().timeZone ? text : `${text} (${thereAt(time, zone)})`;
}

/** By the clock of the place it is told for. */
function thereAt(time: Date, zone: string): string {
  try {
    return `${forReader({ ...reader(), timeZone: zone }, () => moment(time))}, ${zone}`;
  } catch {
    return zone;
  }
}

/** In the currency's own unit: the shape counts in the smallest. */
export function moneyText({ amount, currency }: Money): string {
  try {
    const digits = minorDigits(currency);
    const shown = { minimumFractionDigits: digits, maximumFractionDigits: digits };
    return new Intl.NumberFormat(reader().locale, { style: 'currency', currency, ...shown }).format(amount / 10 ** digits);
  } catch {
    return `${amount} ${currency}`;
  }
}

import type { ReadModel } from '../../integrations/model-reading.ts';
import type { Money } from '../../sdk/index.ts';
import { moment, words } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { moneyText } from './model-view.ts';

/** A value of a record as it was synced; what holds others is told by its parts. */
export interface RecordFact {
  /** Empty for one of a list. */
  readonly label: string;
  readonly value: string;
  /** Of a web address. */
  readonly href: string | undefined;
  readonly parts: readonly RecordFact[] | undefined;
}

type Data = Readonly<Record<string, unknown>>;

/** What is nested deeper is told as it came. */
const DEEPEST = 4;
/** Parts of one value; whoever wants all of them reads the API. */
const MOST_PARTS = 30;

/** What a record holds, without what is empty. @param model says which of its numbers are money, and of which currency */
export function recordFacts(data: Data, model?: ReadModel | null): RecordFact[] {
  const sums = moneyIn(model);
  return Object.entries(data).flatMap(([name, value]) => factOf(name, value, { sums, depth: 0 }));
}

interface Inside {
  readonly sums: readonly Money[];
  readonly depth: number;
}

function factOf(name: string, value: unknown, inside: Inside): RecordFact[] {
  const label = words(name);
  const parts = inside.depth < DEEPEST ? partsOf(value, { ...inside, depth: inside.depth + 1 }) : undefined;
  if (parts) return parts.length > 0 ? [{ label, value: '', href: undefined, parts }] : [];
  const text = moneyOf(name, value, inside.sums) ?? textOf(epochTime(name, value) ?? value);
  if (!text) return [];
  return [{ label, value: text, href: isWebAddress(text) ? text : undefined, parts: undefined }];
}

/** Undefined for what has none. */
function partsOf(value: unknown, inside: Inside): RecordFact[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return undefined;
  const all = Array.isArray(value) ? value.map((one) => ['', one] as const) : Object.entries(value);
  const parts = all.slice(0, MOST_PARTS).flatMap(([name, one]) => factOf(name, one, inside));
  const left = all.length - MOST_PARTS;
  return left > 0
    ? [...parts, { label: '', value: t('action.moreItems', { count: left }), href: undefined, parts: undefined }]
    : parts;
}

/** Names of sums, in the middle of longer ones too: `amount_refunded`. */
const SUM = /amount|total|price|fee|due|paid|net|refunded|balance|tax|value|cost|spend/i;

/** A number that the shared shape has as money, under a name that says so. */
function moneyOf(name: string, value: unknown, sums: readonly Money[]): string | undefined {
  if (typeof value !== 'number' || !SUM.test(name)) return undefined;
  const sum = sums.find(({ amount }) => amount === value);
  return sum && moneyText(sum);
}

function moneyIn(value: unknown): Money[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isMoney(value)) return [value];
  return Object.values(value).flatMap(moneyIn);
}

function isMoney(value: object): value is Money {
  const { amount, currency } = value as Partial<Record<keyof Money, unknown>>;
  return typeof amount === 'number' && typeof currency === 'string';
}

function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text) && URL.canParse(text);
}

/** Seconds or milliseconds since 1970 under a name that says it is a time: `cancelAt: 1797878933`. */
function epochTime(name: string, value: unknown): string | undefined {
  if (typeof value !== 'number' || !/(at|date|time|start|end|until|expires|created|updated)$/i.test(name)) return undefined;
  const ms = value >= 1e9 && value < 1e10 ? value * 1000 : value >= 1e12 && value < 1e13 ? value : undefined;
  return ms === undefined ? undefined : moment(new Date(ms));
}

/** A time as people write it; any other text as it is. */
function timeText(text: string): string {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? moment(at) : text;
}

/** On one line; undefined for what is empty. */
export function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return timeText(value.trim()) || undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value === 'boolean') return value ? t('words.yes') : t('words.no');
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one !== 'object')) return value.join(', ');
  return value && typeof value === 'object' && Object.keys(value).length > 0 ? JSON.stringify(value) : undefined;
}

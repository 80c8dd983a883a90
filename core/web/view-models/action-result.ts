import type { Performed } from '../../integrations/perform.ts';
import type { Form } from '../../sdk/index.ts';
import { list, lowered, moment, words } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';

/** What an action came back with, in words. */
export interface DoneView {
  /** The provider's own sentence, where there is one. */
  readonly says: string | undefined;
  readonly lines: readonly { readonly label: string; readonly value: string }[];
  /** Values left out, to keep the list short. */
  readonly more: number;
  /** What it changed here. */
  readonly kept: string | undefined;
}

const MOST_LINES = 24;
const MOST_ITEMS = 8;
const MOST_LETTERS = 240;

type Line = DoneView['lines'][number];

export function doneView({ data, changed }: Performed, form: Form): DoneView {
  const { message, ...rest } = data;
  const says = typeof message === 'string' && message !== '' ? said(message) : undefined;
  const shown = says === undefined ? data : rest;
  const lines = linesOf(unwrapped(shown), (name) => form.properties[name]?.title ?? words(name));
  const written = (changed?.written ?? 0) + (changed?.unchanged ?? 0) + (changed?.deleted ?? 0);
  return {
    says,
    lines: lines.slice(0, MOST_LINES),
    more: Math.max(0, lines.length - MOST_LINES),
    kept: keptWords(written, changed?.older ?? 0),
  };
}

function keptWords(count: number, older: number): string | undefined {
  const told = [count > 0 ? t('action.kept', { count }) : '', older > 0 ? t('action.older', { count: older }) : ''];
  return told.filter(Boolean).join(' ') || undefined;
}

/** A single thing is told by its parts alone. */
function unwrapped(data: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const [only, ...others] = Object.values(data);
  return others.length === 0 && isRecord(only) ? only : data;
}

function linesOf(data: Readonly<Record<string, unknown>>, label: (name: string) => string): Line[] {
  return Object.entries(data).flatMap(([name, value]) => {
    if (!isRecord(value)) return lineOf(label(name), value);
    return Object.entries(value).flatMap(([part, one]) => lineOf(`${label(name)}: ${lowered(label(part))}`, one));
  });
}

function lineOf(label: string, value: unknown): Line[] {
  const text = textOf(value);
  return text === '' ? [] : [{ label, value: cut(text) }];
}

function textOf(value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  if (typeof value === 'boolean') return value ? t('words.yes') : t('words.no');
  if (Array.isArray(value)) return listed(value);
  if (isRecord(value)) return partsOf(value);
  const text = String(value);
  const at = /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:?\d\d)$/.test(text) ? new Date(text) : undefined;
  return at && !Number.isNaN(at.getTime()) ? moment(at) : said(text);
}

function listed(values: readonly unknown[]): string {
  const texts = values.map(textOf).filter(Boolean);
  const left = texts.length - MOST_ITEMS;
  const told = [...texts.slice(0, MOST_ITEMS), ...(left > 0 ? [t('action.moreItems', { count: left })] : [])];
  return values.some(isRecord) ? told.join('; ') : list(told);
}

function partsOf(value: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(value).map(([name, one]) => [words(name), textOf(one)] as const);
  return parts
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name}: ${text}`)
    .join(', ');
}

function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS).trimEnd()}…` : text;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

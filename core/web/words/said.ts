import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { filled, Phrasebook, type Sentences, sentenceBySentence } from '../../plugins/phrasebook.ts';
import type { Manifest } from '../../sdk/index.ts';
import { packageFolder } from '../package-folder.ts';
import { amount, list, number, plainDay, plainMoment } from './format.ts';
import { reader } from './reader.ts';

/** Nothing that is said below the pages is as long; what holds more was brought in by somebody. */
const LONGEST = 2000;
const DIR = packageFolder('views/sentences');
const HUB: ReadonlyMap<string, Phrasebook> = new Map(
  Object.entries(hubSentences()).map(([locale, known]) => [locale, new Phrasebook(known)]),
);
/** Plugin → language → what its handlers say; for good, as what it has said is kept and shown when it is gone. */
const PLUGINS = new Map<string, ReadonlyMap<string, Phrasebook>>();

/** What the manifest of a plugin brings takes the place of what the generation before brought. */
export function learnSentences(plugin: string, manifest: object | undefined): void {
  const { sentences = {}, texts = {} } = (manifest ?? {}) as Pick<Manifest, 'sentences' | 'texts'>;
  const locales = [...new Set([...Object.keys(sentences), ...Object.keys(texts)])];
  PLUGINS.set(plugin, new Map(locales.map((locale) => [locale, new Phrasebook(sentences[locale] ?? {}, texts[locale])])));
}

/**
 * A sentence that was written below the pages (an error, the message of a run, a reason, what a plugin says of a connection)
 * in the reader's language, where `views/sentences` or its plugin has it; else as it was written.
 */
export function said(text: string): string {
  const books = booksOf(reader().locale);
  if (books.length === 0 || text === '' || text.length > LONGEST) return text;
  return inOther(text, books);
}

/** For texts there may be none of. */
export function saidIf<T extends string | undefined | null>(text: T): T | string {
  return text ? said(text) : text;
}

function booksOf(locale: string): Phrasebook[] {
  return [HUB, ...PLUGINS.values()].flatMap((books) => books.get(locale) ?? []);
}

function inOther(text: string, books: readonly Phrasebook[]): string {
  return sentenceBySentence(text, (sentence) => sentenceIn(sentence, books)).join(' ');
}

function sentenceIn(text: string, books: readonly Phrasebook[]): string | undefined {
  const found = books.flatMap((book) => {
    const recognised = book.recognise(text);
    return recognised ? [{ book, ...recognised }] : [];
  });
  const [best] = found.toSorted((one, other) => other.weight - one.weight);
  if (!best) return undefined;
  // What it says of comes from where the sentence does, most likely.
  const nearest = [best.book, ...books.filter((book) => book !== best.book)];
  return filled(best.other, (name) => told(best.values[name] ?? '', nearest));
}

const LISTED = /; |, (?:and )?| and /;

/** What a sentence says of may be a count, a day or money as English writes them, a title, a sentence, or several of these. */
function told(value: string, books: readonly Phrasebook[]): string {
  const one = valueIn(value, books);
  if (one !== undefined) return one;
  const parts = value.split(LISTED);
  const others = parts.map((part) => valueIn(part, books));
  if (parts.length < 2 || others.every((other) => other === undefined)) return inOther(value, books);
  const known = parts.map((part, i) => others[i] ?? part);
  return / and /.test(value) ? list(known) : known.join(value.includes('; ') ? '; ' : ', ');
}

function valueIn(value: string, books: readonly Phrasebook[]): string | undefined {
  if (/^\d{1,3}(,\d{3})*$/.test(value)) return number(Number(value.replaceAll(',', '')));
  const day = dayIn(value);
  if (day !== undefined) return day;
  const [, currency, sum] = /^([A-Z]{3}) (-?\d{1,3}(?:,\d{3})*(?:\.\d+)?)$/.exec(value) ?? [];
  if (currency && sum) return amount(sum.replaceAll(',', ''), currency);
  const title = titles.get(`${reader().locale} ${value.toLowerCase()}`) ?? firstOf(value, books);
  return title ?? sentenceIn(value, books);
}

/** A single word means what it does in the nearest book, if anything. */
function firstOf(value: string, books: readonly Phrasebook[]): string | undefined {
  const near = /\s/.test(value) ? books : books.slice(0, 1);
  return near.map((book) => book.within(value)).find((other) => other !== undefined);
}

/** `2026-01-31`, `31 January 2026`, `31 January 2026 at 09:30 (Europe/Vienna)`: by the clock it was written by. */
function dayIn(value: string): string | undefined {
  const [, day = '', time, zone = ''] =
    /^(\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4})(?: at (\d\d:\d\d))?( \([\w/+-]+\))?$/.exec(value) ?? [];
  const at = day && new Date(`${day} ${time ?? '00:00'} UTC`);
  return at && !Number.isNaN(at.getTime()) ? `${time ? plainMoment(at) : plainDay(at)}${zone}` : undefined;
}

/** What records are called, as plugins translate it: sentences from below name them in English. */
const titles = new Map<string, string>();

/** @param title a stream's own title, in English */
export function learnTitle(locale: string, title: string, other: string): void {
  titles.set(`${locale} ${title.toLowerCase()}`, other);
}

/** What the hub itself says, by language. */
export function hubSentences(): Record<string, Sentences> {
  return Object.fromEntries(readdirSync(DIR).map((file) => [basename(file, '.json'), sentencesOf(file)]));
}

/** All of these that are known in a language. */
export function sentencesOf(file: string): Sentences {
  return JSON.parse(readFileSync(join(DIR, file), 'utf8')) as Sentences;
}

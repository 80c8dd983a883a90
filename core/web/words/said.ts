import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFolder } from '../package-folder.ts';
import { number } from './format.ts';
import { reader } from './reader.ts';

/** English sentence, with `{name}` where it says of something → the same in another language. */
type Sentences = Readonly<Record<string, string>>;

interface Pattern {
  /** What stands around what it says of. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  readonly other: string;
}

/** Nothing that is said below the pages is as long; what holds more was brought in by somebody. */
const LONGEST = 2000;
const DIR = packageFolder('views/sentences');
const PATTERNS: ReadonlyMap<string, readonly Pattern[]> = new Map(
  readdirSync(DIR).map((file) => [basename(file, '.json'), patternsOf(sentencesOf(file))]),
);

/**
 * A sentence that was written below the pages (an error, the message of a run, a reason) in the reader's language, where
 * `views/sentences` has it; else as it was written.
 */
export function said(text: string): string {
  const patterns = PATTERNS.get(reader().locale);
  if (!patterns || text === '' || text.length > LONGEST) return text;
  const whole = inOther(patterns, text);
  if (whole !== undefined) return whole;
  // Several are often joined: what is known of them is said, the rest stays.
  const parts = text.split(/(?<=[.!?]) (?=\p{Lu})/u);
  return parts.length > 1 ? parts.map((part) => inOther(patterns, part) ?? part).join(' ') : text;
}

/** For texts there may be none of. */
export function saidIf<T extends string | undefined | null>(text: T): T | string {
  return text ? said(text) : text;
}

function inOther(patterns: readonly Pattern[], text: string): string | undefined {
  for (const { literals, names, other } of patterns) {
    const values = valuesIn(text, literals);
    if (values) return other.replace(/\{(\w+)\}/g, (_, name: string) => told(values[names.indexOf(name)] ?? ''));
  }
  return undefined;
}

/**
 * What stands between `literals`, each as short as can be, and never nothing. In one walk: a regular expression tries all the
 * places each of them could stand at, and texts hold what strangers wrote.
 */
function valuesIn(text: string, literals: readonly string[]): string[] | undefined {
  const [first = '', ...others] = literals;
  const last = others.pop();
  if (last === undefined) return text === first ? [] : undefined;
  if (!text.startsWith(first) || !text.endsWith(last)) return undefined;
  const values: string[] = [];
  let at = first.length;
  for (const literal of others) {
    const next = text.indexOf(literal, at + 1);
    if (next === -1) return undefined;
    values.push(text.slice(at, next));
    at = next + literal.length;
  }
  const end = text.length - last.length;
  return at < end ? [...values, text.slice(at, end)] : undefined;
}

/** What a sentence says of may be a title, a count as English writes it, or a sentence. */
function told(value: string): string {
  if (/^\d{1,3}(,\d{3})*$/.test(value)) return number(Number(value.replaceAll(',', '')));
  return titles.get(`${reader().locale} ${value.toLowerCase()}`) ?? said(value);
}

/** What records are called, as plugins translate it: sentences from below name them in English. */
const titles = new Map<string, string>();

/** @param title a stream's own title, in English */
export function learnTitle(locale: string, title: string, other: string): void {
  titles.set(`${locale} ${title.toLowerCase()}`, other);
}

/** Those with more words of their own first: `{a} is {b}.` would fit too much. */
function patternsOf(sentences: Sentences): Pattern[] {
  const weight = (sentence: string) => sentence.replace(/\{\w+\}/g, '').length;
  return Object.entries(sentences)
    .toSorted(([one], [other]) => weight(other) - weight(one))
    .map(([sentence, other]) => {
      const names = [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
      return { literals: sentence.split(/\{\w+\}/), names, other };
    });
}

/** All that are known in a language. */
export function sentencesOf(file: string): Sentences {
  return JSON.parse(readFileSync(join(DIR, file), 'utf8')) as Sentences;
}

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packageFolder } from './package-folder.ts';
import { reader } from './reader.ts';
import { number } from './words.ts';

/** English sentence, with `{name}` where it says of something → the same in another language. */
type Sentences = Readonly<Record<string, string>>;

interface Pattern {
  readonly matches: RegExp;
  readonly names: readonly string[];
  readonly other: string;
}

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
  if (!patterns || text === '') return text;
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
  for (const { matches, names, other } of patterns) {
    const found = matches.exec(text);
    if (found) return other.replace(/\{(\w+)\}/g, (_, name: string) => told(found[names.indexOf(name) + 1] ?? ''));
  }
  return undefined;
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
      const literals = sentence.split(/\{\w+\}/).map((literal) => literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
      return { matches: new RegExp(`^${literals.join('(.+?)')}$`, 's'), names, other };
    });
}

/** All that are known in a language. */
export function sentencesOf(file: string): Sentences {
  return JSON.parse(readFileSync(join(DIR, file), 'utf8')) as Sentences;
}

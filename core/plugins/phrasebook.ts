/** English sentence, with `{name}` where it says of something → the same in another language. */
export type Sentences = Readonly<Record<string, string>>;

interface Phrase {
  /** What stands around what it says of. */
  readonly literals: readonly string[];
  readonly names: readonly string[];
  readonly other: string;
  /** Letters of its own: `{a} is {b}.` fits nearly everything. */
  readonly weight: number;
}

/** A sentence that was recognised, with what it says of. */
export interface Recognised extends Pick<Phrase, 'other' | 'weight'> {
  readonly values: Readonly<Record<string, string>>;
}

const PLACE = /\{(\w+)\}/g;
/** How many sentences in a row may be one that was translated as a whole. */
const MOST_JOINED = 4;

interface Contents {
  readonly phrases: readonly Phrase[];
  readonly words: ReadonlyMap<string, string>;
  readonly texts: ReadonlyMap<string, string>;
}

/** What can be said in one language. Put in order once somebody reads in it: there is one for each plugin and language. */
export class Phrasebook {
  readonly #sentences: Sentences;
  readonly #texts: Sentences;
  #ordered: Contents | undefined;

  /** @param texts what is shown elsewhere, and may be put into a sentence: titles, labels, reasons */
  constructor(sentences: Sentences, texts: Sentences = {}) {
    this.#sentences = sentences;
    this.#texts = texts;
  }

  get #contents(): Contents {
    this.#ordered ??= ordered(this.#sentences, this.#texts);
    return this.#ordered;
  }

  /** The sentence among these that has the most words of its own in common with `text`. */
  recognise(text: string): Recognised | undefined {
    for (const { literals, names, other, weight } of this.#contents.phrases) {
      const values = valuesIn(text, literals);
      if (values) return { other, weight, values: Object.fromEntries(names.map((name, i) => [name, values[i] ?? ''])) };
    }
    return undefined;
  }

  /** What means this only within a sentence of the same book: a single word, or one of its texts, in any case. */
  within(text: string): string | undefined {
    const { words, texts } = this.#contents;
    return words.get(text) ?? texts.get(withinSentence(text).toLowerCase());
  }
}

function ordered(sentences: Sentences, texts: Sentences): Contents {
  const short = Object.entries(texts).filter(([text]) => !/[\n{]/.test(text));
  const isWord = (text: string) => !/\s/.test(text);
  return {
    texts: new Map(short.map(([text, other]) => [withinSentence(text).toLowerCase(), withinSentence(other)])),
    words: new Map(Object.entries(sentences).filter(([text]) => isWord(text))),
    phrases: Object.entries(sentences)
      .filter(([text]) => !isWord(text))
      .map(toPhrase)
      .toSorted((one, other) => other.weight - one.weight),
  };
}

function withinSentence(text: string): string {
  return text.replace(/\.$/, '');
}

/** `['account', 'count']` for `Connected to {account}, {count} contacts.` */
export function placesIn(sentence: string): string[] {
  return [...sentence.matchAll(PLACE)].map(([, name]) => name ?? '');
}

/** The sentence with what it says of filled in. */
export function filled(sentence: string, value: (name: string) => string): string {
  return sentence.replace(PLACE, (_, name: string) => value(name));
}

/** What of it must be said as it stands: its clauses between what it says of; a few letters prove nothing. */
export function clausesOf(sentence: string): string[] {
  return sentence
    .split(/\{\w+\}|[();]|(?<=must be )/)
    .map((part) => part.replace(/[.:\s]+$/, '').trim())
    .filter((part) => part.length > 5);
}

/**
 * The sentences `text` consists of: such that as little as can be of it is unknown, and then each as short as can be, as one
 * that says of anything would swallow the next.
 * @param known what is made of a sentence, undefined where nothing is
 */
export function sentenceBySentence<T>(text: string, known: (sentence: string) => T | undefined): (T | string)[] {
  const parts = text.split(/(?<=[.!?]) (?=\p{Lu})/u);
  const best: { readonly unknown: number; readonly said: (T | string)[] }[] = [];
  best[parts.length] = { unknown: 0, said: [] };
  for (let from = parts.length - 1; from >= 0; from -= 1) {
    for (let to = from + 1; to <= Math.min(parts.length, from + MOST_JOINED); to += 1) {
      const sentence = parts.slice(from, to).join(' ');
      const found = known(sentence);
      const rest = best[to] ?? { unknown: 0, said: [] };
      const unknown = rest.unknown + (found === undefined ? sentence.length : 0);
      if (unknown < (best[from]?.unknown ?? Number.POSITIVE_INFINITY))
        best[from] = { unknown, said: [found ?? sentence, ...rest.said] };
    }
  }
  return best[0]?.said ?? [];
}

function toPhrase([sentence, other]: [string, string]): Phrase {
  const literals = sentence.split(/\{\w+\}/);
  return { literals, names: placesIn(sentence), other, weight: literals.join('').length };
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

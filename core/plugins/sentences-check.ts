import type { Manifest } from '../sdk/index.ts';
import type { PluginFolder } from './discover.ts';
import { loadFolder } from './load.ts';
import { clausesOf, Phrasebook, type Sentences, sentenceBySentence } from './phrasebook.ts';
import { instance, PLACE_HOLDER, type Spoken, spokenIn } from './spoken.ts';

/** What is as long is no accident where it stands within another text. */
const LONG = 24;

/** What a message of this type is called: types are the provider's, and often stand in no text of the source. */
const EVENT = /^event \S+$/;

/** By language. */
export type SentencesByLocale = Readonly<Record<string, Sentences>>;

/**
 * What a plugin says while it runs and does not translate into a language its texts are in, and what it translates and does
 * not say any more. Advice, not a rule: the source is read, not run, so texts that never reach a person may be among them.
 * @param hubs sentences the hub itself translates
 * @returns lines that begin with file and line; none for a plugin that cannot be loaded
 */
export async function sentenceAdvice(folder: PluginFolder, hubs: SentencesByLocale): Promise<string[]> {
  const { plugin, life } = await loadFolder(folder);
  await life?.dispose();
  const { texts = {}, sentences = {} } = (plugin?.manifest ?? {}) as Partial<Manifest>;
  // English is what is said; there it may only be what the provider's messages are called.
  const locales = [...new Set([...Object.keys(texts), ...Object.keys(sentences)])].filter((locale) => locale !== 'en');
  if (!plugin?.handlers || locales.length === 0) return [];
  const spoken = await spokenIn(folder);
  const said = withoutTexts(
    spoken.filter(({ isRead }) => isRead),
    textsIn([plugin.manifest, plugin.handlers.streams, plugin.handlers.actions]),
  );
  return locales.flatMap((locale) => [
    ...untold(said, [sentences[locale] ?? {}, hubs[locale] ?? {}]).map(
      ({ sentence, file, line }) => `${file}:${line}: says "${sentence}", which sentences.${locale} has no translation of`,
    ),
    ...unsaid(spoken, sentences[locale] ?? {}).map(
      (sentence) => `${folder.label}: sentences.${locale} translates "${sentence}", which the plugin does not say`,
    ),
  ]);
}

/** What stands in manifest and forms, or is put into them, is a matter of `texts`. */
function withoutTexts(spoken: readonly Spoken[], texts: readonly string[]): Spoken[] {
  return spoken.filter(({ sentence }) => {
    const book = new Phrasebook({ [sentence]: sentence });
    const isPart = (text: string) => text === sentence || (sentence.length > LONG && text.includes(sentence));
    return !texts.some((text) => isPart(text) || (text.includes(' ') && book.recognise(text)));
  });
}

/** Those of which a part is in none of the books. */
export function untold(spoken: readonly Spoken[], books: readonly Sentences[]): Spoken[] {
  const known = books.map((book) => new Phrasebook(book));
  return spoken.filter(({ sentence }) => !isTold(instance(sentence), known));
}

/** What a place swallowed has to be known as well: `Connected to {account}.` fits whatever goes on with a comma. */
function isTold(text: string, books: readonly Phrasebook[]): boolean {
  if (isNoWording(text)) return true;
  const parts = sentenceBySentence(text, (part) => {
    const found = books.flatMap((book) => book.recognise(part) ?? []).toSorted((a, b) => b.weight - a.weight);
    const best = found.find(({ values }) => Object.values(values).every((value) => isTold(value, books)));
    return best || books.some((book) => book.within(part)) ? true : undefined;
  });
  return parts.every((part) => part === true || isNoWording(part));
}

/** Names, numbers and what only a run knows. */
function isNoWording(text: string): boolean {
  return !/(?<![\p{L}\d])\p{Ll}{2}/u.test(text.replace(PLACE_HOLDER, ' '));
}

/** Translations whose words stand nowhere in the source: the sentence was changed, and would be English again. */
export function unsaid(spoken: readonly Spoken[], sentences: Sentences): string[] {
  const source = spoken.map(({ sentence }) => sentence).join('\n');
  const own = Object.keys(sentences).filter((sentence) => !EVENT.test(sentence));
  return own.filter((sentence) => !clausesOf(sentence).every((clause) => isSaid(clause, source)));
}

/** A few words may be put together of pieces, as `1 contact` and `2 contacts` are. */
function isSaid(clause: string, source: string): boolean {
  const words = clause.match(/\p{L}+/gu) ?? [];
  return source.includes(clause) || (words.length < 4 && words.every((word) => source.includes(word.replace(/(ie)?s$/, ''))));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

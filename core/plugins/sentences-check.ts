import type { Manifest } from '../sdk/index.ts';
import type { PluginFolder } from './discover.ts';
import { loadFolder } from './load.ts';
import { clausesOf, Phrasebook, type Sentences, sentenceBySentence } from './phrasebook.ts';
import { instance, type Spoken, spokenIn } from './spoken.ts';

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
  const locales = [...new Set([...Object.keys(texts), ...Object.keys(sentences)])];
  if (!plugin?.handlers || locales.length === 0) return [];
  const spoken = await spokenIn(folder);
  const own = new Set(textsIn([plugin.manifest, plugin.handlers.streams, plugin.handlers.actions]));
  const said = spoken.filter(({ sentence }) => !own.has(sentence));
  return locales.flatMap((locale) => [
    ...untold(said, [sentences[locale] ?? {}, hubs[locale] ?? {}]).map(
      ({ sentence, file, line }) => `${file}:${line}: says "${sentence}", which sentences.${locale} has no translation of`,
    ),
    ...unsaid(spoken, sentences[locale] ?? {}).map(
      (sentence) => `${folder.label}: sentences.${locale} translates "${sentence}", which the plugin does not say`,
    ),
  ]);
}

/** Those of which a part is in none of the books. */
export function untold(spoken: readonly Spoken[], books: readonly Sentences[]): Spoken[] {
  const known = books.map((book) => new Phrasebook(book));
  return spoken.filter(({ sentence }) => {
    const parts = sentenceBySentence(instance(sentence), (part) => {
      const isPlaceOnly = !/\p{L}{2}/u.test(part.replace(/X\d+x/g, ''));
      return isPlaceOnly || known.some((book) => book.recognise(part) ?? book.word(part)) || undefined;
    });
    return parts.some((part) => part !== true);
  });
}

/** Translations whose words stand nowhere in the source: the sentence was changed, and would be English again. */
export function unsaid(spoken: readonly Spoken[], sentences: Sentences): string[] {
  const source = spoken.map(({ sentence }) => sentence).join('\n');
  return Object.keys(sentences).filter((sentence) => !clausesOf(sentence).every((clause) => source.includes(clause)));
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

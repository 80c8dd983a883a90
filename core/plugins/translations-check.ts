import { IntlMessageFormat } from 'intl-messageformat';
import type { Manifest } from '../sdk/index.ts';
import { written } from './locate.ts';
import type { Fault } from './manifest-check.ts';
import { placesIn } from './phrasebook.ts';

interface Shown {
  readonly manifest: Manifest;
  readonly handlers?: { readonly streams?: unknown; readonly actions?: unknown };
}

/** Translations of texts the plugin does not have: the text was changed, and nobody would notice that it is English again. */
export function translationFaults({ manifest, handlers }: Shown): Fault[] {
  const { texts = {}, sentences: _, ...shown } = manifest;
  const own = new Set(textsIn([shown, handlers?.streams, handlers?.actions]));
  const titles = new Set(
    Object.values((handlers?.streams ?? {}) as Record<string, { title?: unknown }>).map(({ title }) => title),
  );
  return Object.entries(texts).flatMap(([locale, known]) =>
    Object.entries(known).flatMap(([text, other]): Fault[] => {
      const path = ['texts', locale];
      const say = (message: string) => [{ path, message: `${written(path)} translates "${text.slice(0, 60)}", ${message}` }];
      const counted = /^\{count\} (.+)$/s.exec(text)?.[1];
      if (titles.has(counted)) return counts(locale, other) ? [] : say('which takes an ICU message of a count, nothing else');
      return own.has(text) ? [] : say('which the plugin does not say; take it over as it stands');
    }),
  );
}

/** Sentences that would lose what they say of, or show a place nothing is put into. */
export function sentenceFaults({ sentences = {} }: Manifest): Fault[] {
  return Object.entries(sentences).flatMap(([locale, known]) =>
    Object.entries(known).flatMap(([sentence, other]): Fault[] => {
      const path = ['sentences', locale];
      const [own, theirs] = [placesIn(sentence), placesIn(other)];
      const apart = [...theirs.filter((name) => !own.includes(name)), ...own.filter((name) => !theirs.includes(name))];
      const twice = own.filter((name, i) => own.indexOf(name) !== i);
      const say = (message: string) => [{ path, message: `${written(path)} translates "${sentence.slice(0, 60)}", ${message}` }];
      if (twice.length > 0) return say(`where {${twice[0]}} stands twice; give each place a name of its own`);
      return apart.length > 0 ? say(`and only one of the two has {${apart[0]}}; give both the same places`) : [];
    }),
  );
}

function counts(locale: string, message: string): boolean {
  try {
    return (
      new IntlMessageFormat(message, locale).format({ count: 1 }) !== new IntlMessageFormat(message, locale).format({ count: 2 })
    );
  } catch {
    return false;
  }
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';

/** The language that is complete by definition: what another one lacks is said in it. */
export const SOURCE = 'en';

type Messages = ReadonlyMap<string, string>;

/**
 * The texts of all languages: `<dir>/<locale>/<page>.json`, each a flat object of ICU messages; `title` of `login.json` is
 * `login.title`. A message is parsed once, when it is first said.
 */
export class Catalogue {
  readonly #messages: ReadonlyMap<string, Messages>;
  readonly #parsed = new Map<string, IntlMessageFormat>();

  constructor(dir: string) {
    const folders = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const locales = folders.map(({ name }) => name).filter((name) => name !== SOURCE);
    this.#messages = new Map([SOURCE, ...locales.toSorted()].map((locale) => [locale, readMessages(join(dir, locale))]));
  }

  /** BCP 47 tags, the source language first. */
  get locales(): readonly string[] {
    return [...this.#messages.keys()];
  }

  keys(locale: string): readonly string[] {
    return [...(this.#messages.get(locale)?.keys() ?? [])];
  }

  has(key: string): boolean {
    return this.source(SOURCE, key) !== undefined;
  }

  /** As it stands in the file. */
  source(locale: string, key: string): string | undefined {
    return this.#messages.get(locale)?.get(key);
  }

  /**
   * The message in this language, else in the source language; an array where values or tags are not plain text.
   * @throws Error for a key that is in no file, and for a value or a tag that is missing
   */
  format(locale: string, key: string, values: Readonly<Record<string, unknown>> = {}): unknown {
    const own = this.source(locale, key) === undefined ? SOURCE : locale;
    const text = this.source(own, key);
    if (text === undefined) throw new Error(`There is no text "${key}"; add it to views/texts/${SOURCE}.`);
    if (!/[{<']/.test(text)) return text;
    return this.parsed(own, key).format(values as Record<string, string>);
  }

  /** @throws SyntaxError where the message is no ICU message */
  parsed(locale: string, key: string): IntlMessageFormat {
    const id = `${locale} ${key}`;
    const message = this.#parsed.get(id) ?? new IntlMessageFormat(this.source(locale, key) ?? '', locale);
    this.#parsed.set(id, message);
    return message;
  }
}

function readMessages(dir: string): Messages {
  const files = readdirSync(dir).filter((file) => file.endsWith('.json'));
  return new Map(
    files.flatMap((file) => {
      const texts = JSON.parse(readFileSync(join(dir, file), 'utf8')) as Record<string, string>;
      return Object.entries(texts).map(([name, text]): [string, string] => [`${basename(file, '.json')}.${name}`, text]);
    }),
  );
}

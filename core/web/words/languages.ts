import { catalogue } from './texts.ts';

/** A language as the menu lists it. */
export interface Language {
  /** BCP 47. */
  readonly tag: string;
  /** In its own words: `Deutsch`. */
  readonly name: string;
}

export const LANGUAGES: readonly Language[] = catalogue.locales.map((tag) => ({ tag, name: nameOf(tag) }));

/** @returns `rtl` for Arabic and its like */
export function directionOf(locale: string): 'ltr' | 'rtl' {
  const known = new Intl.Locale(locale) as Intl.Locale & { getTextInfo(): { direction: 'ltr' | 'rtl' } };
  return known.getTextInfo().direction;
}

function nameOf(tag: string): string {
  const name = new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag;
  return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
}

import type { Words } from '../../mail/words.ts';
import { directionOf } from './languages.ts';
import { ANYBODY, forReader } from './reader.ts';
import { said } from './said.ts';
import { catalogue, t } from './texts.ts';

/** The words of the pages, for mails: nobody reads a page then, so whom they are for is said. */
export function wordsIn(locale: string | undefined): Words {
  const known = locale && catalogue.locales.includes(locale) ? locale : ANYBODY.locale;
  const reader = { ...ANYBODY, locale: known };
  return {
    locale: known,
    direction: directionOf(known),
    t: (key, values) => forReader(reader, () => t(key, values)),
    said: (text) => forReader(reader, () => said(text)),
    moment: (at) => moments(known).format(at),
  };
}

/** With its zone in words: a mail is read wherever somebody is. */
function moments(locale: string): Intl.DateTimeFormat {
  const options = { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short' };
  return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    ...options,
    timeZone: 'UTC',
  } as Intl.DateTimeFormatOptions);
}

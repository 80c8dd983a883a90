import { AsyncLocalStorage } from 'node:async_hooks';

/** Whom a page is made for. */
export interface Reader {
  /** A language there are texts in. */
  readonly locale: string;
  /** IANA, such as `Europe/Vienna`. */
  readonly timeZone: string;
}

/** Of whom nothing is known: the API, work nobody waits for, tests. */
export const ANYBODY: Reader = { locale: 'en', timeZone: 'UTC' };

const readers = new AsyncLocalStorage<Reader>();

/** Whom the page that is being made is for. */
export function reader(): Reader {
  return readers.getStore() ?? ANYBODY;
}

/** Makes what `work` makes for this reader, whatever it awaits. */
export function forReader<T>(given: Reader, work: () => T): T {
  return readers.run(given, work);
}

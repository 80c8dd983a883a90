/** What mails say, in one language. */
export interface Words {
  /** BCP 47. */
  readonly locale: string;
  readonly direction: 'ltr' | 'rtl';
  /** A text of the message files; nothing in it is escaped. */
  t(key: string, values?: Readonly<Record<string, string | number>>): string;
  /** A sentence that was written in English, where it is known in this language. */
  said(text: string): string;
  /** A moment, with its zone. */
  moment(at: Date): string;
}

/** The words of a language; of one there are no texts in, English. */
export type WordsIn = (locale: string | undefined) => Words;

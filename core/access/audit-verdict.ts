/** What a check of one chain came to. */
export interface Verdict {
  readonly intact: boolean;
  /** Checked entries, and those that were dropped when their time was over. */
  readonly entries: number;
  readonly dropped: number;
  /** Too young to be sealed. */
  readonly loose: number;
  readonly seals: number;
  /** The last seal's hash: who notes it elsewhere would notice that the end of the log was cut off. */
  readonly head: string | null;
  /** What is wrong, in words. */
  readonly faults: readonly string[];
}

/** Of a log in ruins the first show what happened. */
const MOST_TOLD = 20;

/** The first of them, and how many more there are. */
export function worthTelling(faults: readonly string[]): string[] {
  const left = faults.length - MOST_TOLD;
  return left > 0 ? [...faults.slice(0, MOST_TOLD), `And ${left} more.`] : [...faults];
}

const MINUTE_MS = 60_000;

/** Minutes before each further attempt; greylisting passes within the first three, an outage of a server within a day. */
const PAUSES = [1, 3, 5, 15, 30, 60, 120, 240, 480, 480];

/** When a mail that failed `attempts` times goes out again; undefined: never. */
export function nextTry(attempts: number, now = Date.now()): Date | undefined {
  const pause = PAUSES[attempts - 1];
  return pause === undefined ? undefined : new Date(now + pause * MINUTE_MS);
}

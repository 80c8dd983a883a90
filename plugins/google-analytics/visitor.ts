import type { FieldFault } from 'patchbay';

const AGE_MS = 72 * 3_600_000;
/** Clocks of shops run ahead by minutes. */
const AHEAD_MS = 5 * 60_000;

/** As the fields of a form give it. */
export interface VisitorInput {
  readonly clientId: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly happenedAt?: string;
}

/** As the Measurement Protocol wants it. */
export interface Visitor {
  readonly clientId: string;
  readonly userId?: string;
  readonly sessionId?: string;
  readonly timestampMicros?: number;
}

/** Reads whose event it is and when, and everything that is wrong with it; pointers are below `at`. */
export function readVisitor(input: VisitorInput, at: string, now: number): { visitor: Visitor; faults: FieldFault[] } {
  const clientId = clientIdOf(input.clientId);
  const sessionId = input.sessionId ? sessionIdOf(input.sessionId) : undefined;
  const time = input.happenedAt ? Date.parse(input.happenedAt) : undefined;
  const problems: (readonly [keyof VisitorInput, string | undefined])[] = [
    [
      'clientId',
      clientId ? undefined : 'Use the visitor’s number from the cookie _ga, such as 1234567890.1700000000, and nothing personal.',
    ],
    [
      'sessionId',
      input.sessionId && !sessionId ? 'Use the cookie _ga_… of the data stream, or the number of the session in it.' : undefined,
    ],
    [
      'userId',
      /@|\s/.test(input.userId ?? '')
        ? 'Google forbids e-mail addresses and names here. Use your own number of the customer.'
        : undefined,
    ],
    ['happenedAt', time === undefined ? undefined : timeProblem(time, now)],
  ];
  return {
    visitor: {
      clientId: clientId ?? '',
      ...(input.userId && { userId: input.userId }),
      ...(sessionId && { sessionId }),
      ...(time !== undefined && { timestampMicros: time * 1000 }),
    },
    faults: problems.flatMap(([name, message]) => (message ? [{ pointer: `${at}/${name}`, message }] : [])),
  };
}

/** `1234567890.1700000000`, also out of the whole cookie. */
function clientIdOf(given: string): string | undefined {
  const id = /^GA\d\.\d\.(.+)$/.exec(given.trim())?.[1] ?? given.trim();
  return /^[A-Za-z0-9._-]{1,100}$/.test(id) ? id : undefined;
}

/** The number of a session, also out of the whole cookie: `GS1.1.1700000000.3.…` or `GS2.1.s1700000000$o3$…`. */
function sessionIdOf(given: string): string | undefined {
  const text = given.trim();
  return /^GS1\.\d\.(\d+)\./.exec(text)?.[1] ?? /^GS2\.\d\.s(\d+)\$/.exec(text)?.[1] ?? /^\d{1,20}$/.exec(text)?.[0];
}

function timeProblem(time: number, now: number): string | undefined {
  if (Number.isNaN(time)) return 'This moment does not exist.';
  if (time < now - AGE_MS) return 'Google takes events of the last 72 hours only.';
  return time > now + AHEAD_MS ? 'This lies in the future.' : undefined;
}

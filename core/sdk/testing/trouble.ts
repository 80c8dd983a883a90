import { type Consequence, hubError, TryLater } from '../index.ts';
import type { Answer } from './simulated-http.ts';

/** Ways a provider fails for a while: each has to end in `try-later`. */
export const OUTAGES: readonly (readonly [string, Answer])[] = [
  ['is overloaded (429)', async () => ({ status: 429, body: { message: 'Too many requests' } })],
  ['is broken (500)', async () => ({ status: 500, body: 'Internal error' })],
  ['is away (503)', async () => ({ status: 503, body: '<html>Maintenance</html>' })],
  ['hangs up', async () => ({ status: 200, hangUp: true })],
  ['does not answer in time', async () => Promise.reject(new TryLater('The provider did not answer in time.'))],
];

/** Ways it says no, and what may come of each. */
export const REFUSALS: readonly (readonly [string, Answer, readonly Consequence[]])[] = [
  ['does not take the token (401)', answer(401), ['reconnect-needed', 'rejected']],
  ['forbids it (403)', answer(403), ['rejected', 'reconnect-needed']],
  ['does not know it (404)', answer(404), ['not-found', 'rejected', 'reconnect-needed']],
];

/** Answers with status 200 that hold nothing of what was asked for. */
export const GARBAGE: readonly (readonly [string, unknown])[] = [
  ['text', 'OK'],
  ['an empty object', {}],
  ['null', 'null'],
  ['a list', []],
];

export function garbage(body: unknown): Answer {
  return async () => ({ status: 200, body });
}

/** A provider whose next page is always the first one. */
export function repeating(): Answer {
  const first = new Map<string, ReturnType<Answer>>();
  return (request, forward) => {
    const key = `${request.method} ${request.path}`;
    const known = first.get(key) ?? forward(request);
    first.set(key, known);
    return known;
  };
}

function answer(status: number): Answer {
  return async () => ({ status, body: { message: 'No.' } });
}

export type Outcome = { readonly value: unknown } | { readonly consequence: Consequence; readonly message: string };

/** What became of a call; anything thrown that is no error of the SDK is thrown again. */
export async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    return { value: await work };
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    return { consequence: known.consequence, message: known.message };
  }
}

import { isDeepStrictEqual } from 'node:util';
import type { Integration } from '../integrations/integration-store.ts';
import type { Stream } from '../sdk/index.ts';

/** What the settings choose for a stream: the fields it follows, by name. */
export type Choice = Readonly<Record<string, unknown>>;

/** The settings choose other records than those that are being read; what comes now would be of the former choice. */
export class Rechosen extends Error {
  override readonly name = 'Rechosen';
}

/** Undefined for a stream that follows nothing. The order of a list says nothing. */
export function choiceOf({ follows = [] }: Pick<Stream, 'follows'>, config: unknown): Choice | undefined {
  if (follows.length === 0) return undefined;
  const values = config as Readonly<Record<string, unknown>>;
  const names: readonly string[] = follows;
  return Object.fromEntries(names.map((name) => [name, plain(values[name])]));
}

/** @throws Rechosen when they are other settings now than `read` was read for */
export function checkChoice(stream: Pick<Stream, 'follows'>, read: Integration['config'], now: Integration['config']): void {
  if (!isDeepStrictEqual(choiceOf(stream, read), choiceOf(stream, now))) throw new Rechosen('The settings were changed.');
}

/** What was read before anybody noted for what is taken for the present choice. */
export function isOtherChoice(before: Choice | null | undefined, now: Choice | undefined): boolean {
  return Boolean(before && now) && !isDeepStrictEqual(before, now);
}

/** As it comes back from the database. */
function plain(value: unknown): unknown {
  if (value === undefined || value === '') return null;
  return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).sort() : value;
}

import { inspect } from 'node:util';
import { HubError, hubError } from '../sdk/errors.ts';
import { hidden, secretParts } from './redact.ts';

/** The same words without what must not stand in them. */
export type Mask = (text: string) => string;

/** Shorter values would black out ordinary words. */
const SHORTEST = 6;
const DEEPEST = 6;

/** Takes out these secrets, in every form in which they are sent. */
export function masking(secrets: Iterable<string>): Mask {
  const parts = [...secretParts(secrets)].filter((part) => part.length >= SHORTEST);
  return (text) => hidden(text, parts);
}

/**
 * An error somebody else threw, as it may be written down and shown: itself where it says no secret, otherwise a copy. Of what
 * it carries besides message, stack and cause a copy keeps texts and numbers alone: the rest may be a whole request.
 */
export function concealed(error: unknown, mask: Mask): unknown {
  const said = inspect(error, { depth: DEEPEST, maxStringLength: null, maxArrayLength: null });
  return mask(said) === said ? error : copyOf(error, mask, 0);
}

/** Work whose errors say none of these, those included that are added while it goes on. */
export async function withoutSecrets<T>(secrets: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw concealed(error, masking(secrets));
  }
}

function copyOf(error: unknown, mask: Mask, depth: number): unknown {
  if (typeof error === 'string') return mask(error);
  if (typeof error !== 'object' || error === null || depth > DEEPEST) return undefined;
  const { message, stack, name, cause } = error as { message?: unknown; stack?: unknown; name?: unknown; cause?: unknown };
  const said = mask(typeof message === 'string' ? message : String(error));
  const known = hubError(error);
  const why = cause === undefined ? undefined : copyOf(cause, mask, depth + 1);
  const copy = known ? copyOfOurs(known, said, { mask, cause: why }) : new Error(said, why === undefined ? {} : { cause: why });
  for (const [key, value] of Object.entries(error)) {
    if (typeof value === 'string' && !(key in copy)) Object.assign(copy, { [key]: mask(value) });
    else if (typeof value === 'number' && !(key in copy)) Object.assign(copy, { [key]: value });
  }
  Object.defineProperty(copy, 'name', { value: String(name ?? 'Error'), configurable: true, writable: true });
  return Object.defineProperty(copy, 'stack', { value: mask(String(stack ?? said)), configurable: true, writable: true });
}

function copyOfOurs({ consequence, code, fields, afterSeconds }: HubError, said: string, { mask, cause }: Copying): HubError {
  return new HubError(consequence, code, said, {
    ...(cause !== undefined && { cause }),
    ...(fields && { fields: fields.map(({ pointer, message }) => ({ pointer, message: mask(message) })) }),
    ...(afterSeconds !== undefined && { afterSeconds }),
  });
}

interface Copying {
  readonly mask: Mask;
  readonly cause: unknown;
}

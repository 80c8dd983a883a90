import { createHash } from 'node:crypto';
import { shortJson } from '../database/short-json.ts';
import { Memo } from './memo.ts';

const SECRET_HEADER = /auth|cookie|session|token|secret|password|key|sig|hmac|digest/i;

/** As it is kept; null for one that is not. */
const keptNames = new Memo(1000, (name) => (SECRET_HEADER.test(name) ? null : text(name)));

/** Shorter ones are words. */
const SHORTEST_SECRET = 6;

/**
 * What remains of the headers: a shared token or a signature kept beside the body would let its reader forge calls. One that
 * holds any of `secrets` goes as well, whatever its name.
 */
export function harmlessHeaders(
  headers: Readonly<Record<string, string>>,
  secrets: readonly string[] = [],
): Record<string, string> {
  const harmless: Record<string, string> = {};
  const tells = (value: string) => secrets.some((secret) => secret.length >= SHORTEST_SECRET && value.includes(secret));
  for (const name of Object.keys(headers)) {
    const value = headers[name] ?? '';
    const kept = keptNames.of(name);
    if (kept !== null && !tells(value)) harmless[kept] = text(value);
  }
  return harmless;
}

/** The others: what a call is proven by. In the order of their names. */
export function provingHeaders(headers: Readonly<Record<string, string>>): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => keptNames.of(name) === null)
    .sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Postgres stores neither NUL nor half a surrogate pair; the raw bytes keep what really came. */
export function text(value: string): string {
  return (value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value).toWellFormed();
}

/** As `text`, and short enough for an index: what is longer is named by its hash. */
export function indexed(value: string): string {
  return value.length <= 300 ? text(value) : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}

/** JSON that Postgres stores, whatever texts and numbers are in it; a number it would write out at length becomes a text. */
export function json(value: unknown): string {
  const written = shortJson(value) ?? 'null';
  if (!written.includes('\\u')) return written;
  return written.replaceAll(/(?<!\\)((?:\\\\)*)\\u(?:0000|d[89a-f][0-9a-f]{2})/g, '$1\\ufffd');
}

import { hash as digest } from 'node:crypto';
import { shortJson } from '../database/short-json.ts';
import type { Item } from '../sdk/stream.ts';

/** An item made ready for the table. */
export interface ReadyRecord {
  readonly id: string;
  /** Canonical JSON: members sorted by name. */
  readonly data: string;
  readonly hash: string;
  /** ISO 8601. */
  readonly updatedAt: string | null;
}

export interface FailedRecord {
  readonly id: string;
  readonly reason: string;
}

export interface ReadyPage {
  readonly upserts: readonly ReadyRecord[];
  readonly deletions: readonly string[];
  readonly failed: readonly FailedRecord[];
}

/** Ids are part of the table's key, whose entries have a limit. */
const LONGEST_ID_BYTES = 1_024;

class Unstorable extends Error {}

/** Sorts a page into what is written, what is marked deleted and what cannot be stored. Of the same id the last one counts. */
export function readyPage(items: readonly Item[]): ReadyPage {
  const upserts: ReadyRecord[] = [];
  const deletions: string[] = [];
  const failed: FailedRecord[] = [];
  for (const item of new Map(items.map((one) => [one.id, one])).values()) {
    try {
      checkId(item.id);
      if ('deleted' in item && item.deleted) deletions.push(item.id);
      else upserts.push(readyRecord(item as Exclude<Item, { deleted: true }>));
    } catch (error) {
      failed.push({ id: storableText(String(item.id)).slice(0, 200), reason: reasonOf(error) });
    }
  }
  return { upserts, deletions, failed };
}

/** Whether Postgres can hold this as the id of a record. */
export function isStorableId(id: unknown): id is string {
  try {
    checkId(id);
    return true;
  } catch {
    return false;
  }
}

/** JSON whose text depends on the content only, not on the order of members. Dates and the like are as `JSON.stringify` has them. */
export function canonicalJson(value: unknown): string {
  // One call for the whole is several times faster than one for each text.
  const text = shortJson(sorted(value)) ?? 'null';
  // The escapes may also be the provider's own words, so whoever shows them is looked at in full.
  if (text.includes('\\u0000') || text.includes('\\ud')) checkTexts(value);
  return text;
}

function readyRecord({ id, data, updatedAt }: Exclude<Item, { deleted: true }>): ReadyRecord {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) throw new Unstorable('its data is not an object');
  const text = canonicalJson(data);
  const hash = digest('sha256', text, 'base64');
  return { id, data: text, hash, updatedAt: updatedAt === undefined || updatedAt === null ? null : isoTime(updatedAt) };
}

function checkId(id: unknown): asserts id is string {
  if (typeof id !== 'string') throw new Unstorable('its id is not a text');
  if (id === '') throw new Unstorable('it has no id');
  checkText(id);
  if (Buffer.byteLength(id) > LONGEST_ID_BYTES) throw new Unstorable(`its id is longer than ${LONGEST_ID_BYTES} bytes`);
}

function isoTime(value: string): string {
  const time = new Date(value);
  const year = Number.isNaN(time.getTime()) ? 0 : time.getUTCFullYear();
  if (year < 1 || year > 9_999) throw new Unstorable('its updatedAt is not a time');
  return time.toISOString();
}

/** A copy whose members are in the order of their names. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('toJSON' in value && typeof value.toJSON === 'function') return sorted(value.toJSON());
  if (Array.isArray(value)) return value.map(sorted);
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(value).sort()) {
    const member = sorted((value as Readonly<Record<string, unknown>>)[name]);
    if (name === '__proto__') Object.defineProperty(copy, name, { value: member, enumerable: true });
    else copy[name] = member;
  }
  return copy;
}

function checkTexts(value: unknown): void {
  if (typeof value === 'string') checkText(value);
  else if (Array.isArray(value)) value.forEach(checkTexts);
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      checkText(name);
      checkTexts(member);
    }
  }
}

function checkText(text: string): string {
  if (text.includes('\0')) throw new Unstorable('it holds a NUL character, which Postgres cannot store');
  if (!text.isWellFormed()) throw new Unstorable('it holds half a surrogate pair, which is no text');
  return text;
}

function storableText(text: string): string {
  return text.replaceAll('\0', '\uFFFD').toWellFormed();
}

function reasonOf(error: unknown): string {
  if (error instanceof Unstorable) return error.message;
  if (error instanceof RangeError) return 'its data is nested too deeply or refers to itself';
  return 'its data cannot be written as JSON';
}

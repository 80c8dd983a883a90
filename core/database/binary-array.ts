/** Element types with their object ids, as PostgreSQL fixes them for all versions. */
const OID = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;

export type ElementType = keyof typeof OID;

/** What one element may be: `bytea` a buffer, `int4` a number, `timestamptz` a Date, the rest a text (`jsonb`: JSON). */
export type Element = string | number | Date | Buffer | null;

const HEADER_BYTES = 20;
const FIRST_BYTES = 65_536;
/** A text takes at most this much for each of its characters. */
const CHARACTER_BYTES = 3;
/** PostgreSQL counts from 2000-01-01, in microseconds. */
const EPOCH_MS = 946_684_800_000;
const HALF = 2 ** 32;

/** Elements are written here first, because a text's size is known only once it is written. */
let scratch = Buffer.allocUnsafe(FIRST_BYTES);

/**
 * A one-dimensional array in PostgreSQL's binary format. pg sends a Buffer as it is, so that a parameter cast to the array's
 * type is neither quoted here nor parsed there: thousands of values cost little more than their bytes.
 */
export function binaryArray(type: ElementType, values: readonly Element[]): Buffer {
  let at = HEADER_BYTES;
  let nulls = 0;
  for (const value of values) {
    if (value === null) {
      nulls = 1;
      reserve(at, 4);
      at = scratch.writeInt32BE(-1, at);
      continue;
    }
    reserve(at, 4 + mostOf(type, value));
    const size = write(type, value, at + 4);
    scratch.writeInt32BE(size, at);
    at += 4 + size;
  }
  scratch.writeInt32BE(1, 0);
  scratch.writeInt32BE(nulls, 4);
  scratch.writeInt32BE(OID[type], 8);
  scratch.writeInt32BE(values.length, 12);
  scratch.writeInt32BE(1, 16);
  const array = Buffer.from(scratch.subarray(0, at));
  if (scratch.length > 64 * FIRST_BYTES) scratch = Buffer.allocUnsafe(FIRST_BYTES);
  return array;
}

function reserve(at: number, bytes: number): void {
  if (at + bytes <= scratch.length) return;
  const larger = Buffer.allocUnsafe(2 * (at + bytes));
  scratch.copy(larger, 0, 0, at);
  scratch = larger;
}

function mostOf(type: ElementType, value: Exclude<Element, null>): number {
  if (type === 'bytea') return (value as Buffer).length;
  return type === 'text' || type === 'jsonb' ? 1 + CHARACTER_BYTES * (value as string).length : 16;
}

/** @returns how many bytes it took */
function write(type: ElementType, value: Exclude<Element, null>, at: number): number {
  switch (type) {
    case 'int4':
      return scratch.writeInt32BE(value as number, at) - at;
    case 'timestamptz':
      return writeTime((value as Date).getTime(), at);
    case 'uuid':
      return writeUuid(scratch, value as string, at);
    case 'bytea':
      return (value as Buffer).copy(scratch, at);
    case 'jsonb':
      // The version of the format.
      scratch[at] = 1;
      return 1 + scratch.write(value as string, at + 1);
    case 'text':
      return scratch.write(value as string, at);
  }
}

function writeTime(ms: number, at: number): number {
  const micros = (ms - EPOCH_MS) * 1000;
  const high = Math.floor(micros / HALF);
  scratch.writeInt32BE(high, at);
  scratch.writeUInt32BE(micros - high * HALF, at + 4);
  return 8;
}

const DASH = 0x2d;
const LETTER = 0x40;

/** By hand: Buffer's own reading of hex wants the dashes taken out first. @returns how many bytes it took */
export function writeUuid(to: Buffer, text: string, at: number): number {
  let bytes = 0;
  for (let from = 0; from < text.length && bytes < 16; from += 2) {
    if (text.charCodeAt(from) === DASH) from += 1;
    to[at + bytes] = (nibble(text.charCodeAt(from)) << 4) | nibble(text.charCodeAt(from + 1));
    bytes += 1;
  }
  return bytes;
}

function nibble(code: number): number {
  return code > LETTER ? (code & 0x0f) + 9 : code & 0x0f;
}

/** Element types with their object ids, as PostgreSQL fixes them for all versions. */
const OID = { bytea: 17, int4: 23, text: 25, timestamptz: 1184, uuid: 2950, jsonb: 3802 } as const;

export type ElementType = keyof typeof OID;

/** What one element may be: `bytea` a buffer, `int4` a number, `timestamptz` a Date, the rest a text (`jsonb`: JSON). */
export type Element = string | number | Date | Buffer | null;

const HEADER_BYTES = 20;
/** PostgreSQL counts from 2000-01-01, in microseconds. */
const EPOCH_MS = 946_684_800_000;

/**
 * A one-dimensional array in PostgreSQL's binary format. pg sends a Buffer as it is, so that a parameter cast to the array's
 * type is neither quoted here nor parsed there: thousands of values cost little more than their bytes.
 */
export function binaryArray(type: ElementType, values: readonly Element[]): Buffer {
  const sizes = values.map((value) => (value === null ? -1 : sizeOf(type, value)));
  const total = sizes.reduce((sum, size) => sum + 4 + Math.max(size, 0), HEADER_BYTES);
  const target = Buffer.allocUnsafe(total);
  target.writeInt32BE(1, 0);
  target.writeInt32BE(sizes.includes(-1) ? 1 : 0, 4);
  target.writeInt32BE(OID[type], 8);
  target.writeInt32BE(values.length, 12);
  target.writeInt32BE(1, 16);
  let at = HEADER_BYTES;
  for (const [index, value] of values.entries()) {
    const size = sizes[index] ?? -1;
    at = target.writeInt32BE(size, at);
    if (value !== null) at += write(type, value, { target, at });
  }
  return target;
}

function sizeOf(type: ElementType, value: Exclude<Element, null>): number {
  switch (type) {
    case 'int4':
      return 4;
    case 'timestamptz':
      return 8;
    case 'uuid':
      return 16;
    case 'bytea':
      return (value as Buffer).length;
    case 'jsonb':
      return 1 + Buffer.byteLength(value as string);
    case 'text':
      return Buffer.byteLength(value as string);
  }
}

/** @returns how many bytes it took */
function write(type: ElementType, value: Exclude<Element, null>, { target, at }: { target: Buffer; at: number }): number {
  switch (type) {
    case 'int4':
      return target.writeInt32BE(value as number, at) - at;
    case 'timestamptz':
      return target.writeBigInt64BE(BigInt((value as Date).getTime() - EPOCH_MS) * 1000n, at) - at;
    case 'uuid':
      return target.write((value as string).replaceAll('-', ''), at, 'hex');
    case 'bytea':
      return (value as Buffer).copy(target, at);
    case 'jsonb':
      // The version of the format.
      target[at] = 1;
      return 1 + target.write(value as string, at + 1);
    case 'text':
      return target.write(value as string, at);
  }
}

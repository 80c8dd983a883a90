import { writeUuid } from './binary-array.ts';

const FIRST_BYTES = 262_144;
/** PostgreSQL counts from 2000-01-01, in microseconds. */
const EPOCH_MS = 946_684_800_000;
const HALF = 2 ** 32;
/** A text takes at most this much for each of its characters. */
const CHARACTER_BYTES = 3;
const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const [QUERY, DATA, DONE] = [0x51, 0x64, 0x63];

/**
 * Statements with the rows of their `COPY … FROM STDIN (FORMAT binary)` behind them, as one message in memory that is used
 * again. Without statements of its own around it, all of it is one transaction. What PostgreSQL refuses it skips to the end
 * (https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY).
 */
export class CopyMessage {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;
  #began = 0;

  /** Begins a new message; the one before must have been answered. */
  begin(statements: string): void {
    // One long body must not be kept for good.
    if (this.#bytes.length > 16 * FIRST_BYTES) this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
    this.#at = 0;
    this.#open(QUERY);
    this.#reserve(CHARACTER_BYTES * statements.length + 1);
    this.#at += this.#bytes.write(`${statements}\0`, this.#at);
    this.#close();
  }

  /** Begins the rows of the next `COPY`. */
  rows(): void {
    this.#open(DATA);
    this.#reserve(SIGNATURE.length);
    this.#at += SIGNATURE.copy(this.#bytes, this.#at);
  }

  /** Begins a row of so many fields. */
  row(fields: number): void {
    this.#reserve(2);
    this.#at = this.#bytes.writeInt16BE(fields, this.#at);
  }

  ended(): void {
    this.row(-1);
    this.#close();
    this.#open(DONE);
    this.#close();
  }

  text(value: string | null | undefined): void {
    this.#reserve(4 + CHARACTER_BYTES * (value?.length ?? 0));
    if (value === null || value === undefined) this.#nothing();
    else this.#sized(this.#bytes.write(value, this.#at + 4));
  }

  /** Of four bytes. */
  int(value: number): void {
    this.#reserve(8);
    this.#bytes.writeInt32BE(value, this.#at + 4);
    this.#sized(4);
  }

  /** @param value in hex, with or without dashes */
  uuid(value: string | undefined): void {
    this.#reserve(20);
    if (value === undefined) this.#nothing();
    else this.#sized(writeUuid(this.#bytes, value, this.#at + 4));
  }

  bytea(value: Buffer): void {
    this.#reserve(4 + value.length);
    this.#sized(value.copy(this.#bytes, this.#at + 4));
  }

  /** @param value as text; its binary form is the same behind the number of a version */
  jsonb(value: string | null): void {
    this.#reserve(5 + CHARACTER_BYTES * (value?.length ?? 0));
    this.#bytes[this.#at + 4] = 1;
    if (value === null) this.#nothing();
    else this.#sized(1 + this.#bytes.write(value, this.#at + 5));
  }

  timestamptz(value: Date | undefined): void {
    this.#reserve(12);
    if (value === undefined) {
      this.#nothing();
      return;
    }
    const micros = (value.getTime() - EPOCH_MS) * 1000;
    const high = Math.floor(micros / HALF);
    this.#bytes.writeInt32BE(high, this.#at + 4);
    this.#bytes.writeUInt32BE(micros - high * HALF, this.#at + 8);
    this.#sized(8);
  }

  /** As it is to be sent, good until the next message begins. */
  get bytes(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  #nothing(): void {
    this.#at = this.#bytes.writeInt32BE(-1, this.#at);
  }

  #sized(size: number): void {
    this.#bytes.writeInt32BE(size, this.#at);
    this.#at += 4 + size;
  }

  #open(kind: number): void {
    this.#reserve(5);
    this.#began = this.#at;
    this.#bytes[this.#at] = kind;
    this.#at += 5;
  }

  /** Its length counts itself, but not the letter before it. */
  #close(): void {
    this.#bytes.writeInt32BE(this.#at - this.#began - 1, this.#began + 1);
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(2 * (this.#at + bytes));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
  }
}

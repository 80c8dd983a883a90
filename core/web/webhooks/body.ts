import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Rejected } from '../../sdk/errors.ts';
import { tooLarge, wrongContentType } from '../http/errors.ts';

/** Of one call. */
const LIMIT_BYTES = 1_048_576;
/** Of all calls that are being read. */
const MEMORY_BYTES = 128 * 2 ** 20;
const FIRST_BYTES = 16_384;
/** JSON that a provider sends is nowhere near. */
const DEEPEST = 64;
const MOST_VALUES = 100_000;
const TYPES =
  /^(?:text\/|application\/(?:x-www-form-urlencoded|octet-stream|xml|[\w.-]*\+?json|[\w.-]+\+(?:json|xml))|multipart\/form-data)/i;

const JSON_TYPE = 'application/json';

/** More bodies are being read than there is memory for; ask to send again. */
export class TooBusy extends Error {
  override readonly name = 'TooBusy';
}

let held = 0;
const NOTHING = Buffer.alloc(0);

/**
 * The bytes of a call, refused as early as can be told: by its headers before anything is read, by its length while it is.
 * A body that does not come to an end is cut by the server's own limits.
 * @returns undefined when the caller went away @throws Rejected (413, 415), TooBusy; at once or as a rejection
 */
export function readBody(req: IncomingMessage): Promise<Buffer | undefined> {
  refuseByHead(req.headers);
  return new Promise((resolve, reject) => collect(req, resolve, reject));
}

/** @throws Rejected (413, 415), TooBusy */
export function refuseByHead(headers: IncomingMessage['headers']): void {
  const { 'content-encoding': encoding = 'identity', 'content-type': type, 'content-length': length } = headers;
  if (encoding !== 'identity') throw wrongContentType('Send the body as it is, not compressed.');
  if (type !== undefined && type !== JSON_TYPE && !TYPES.test(type))
    throw wrongContentType('Nothing that is sent here has this content type.');
  if (Number(length ?? 0) > LIMIT_BYTES) throw tooLarge();
  if (held >= MEMORY_BYTES) throw new TooBusy();
}

/** By listeners: an iterator over the stream costs more than the rest of a call. */
function collect(req: IncomingMessage, resolve: (raw: Buffer | undefined) => void, reject: (error: Error) => void): void {
  const body = new Body(Number(req.headers['content-length'] ?? LIMIT_BYTES));
  req.on('data', (chunk: Buffer) => {
    const refused = body.add(chunk);
    if (!refused) return;
    body.release();
    req.removeAllListeners('data').resume();
    reject(refused);
  });
  req.on('end', () => {
    const raw = body.whole();
    body.release();
    resolve(raw);
  });
  // Without an end before it the caller went away; nobody listening to `error`, that is all there is to hear of it.
  req.on('close', () => {
    body.release();
    resolve(undefined);
  });
}

/**
 * What has come of a body, in one buffer that grows as it comes: neither many small pieces nor an announced length that
 * never comes take more than is counted.
 */
class Body {
  readonly #announced: number;
  #bytes: Buffer = NOTHING;
  #size = 0;

  constructor(announced: number) {
    this.#announced = announced;
  }

  /** @returns why nothing more is taken */
  add(chunk: Buffer): Error | undefined {
    const size = this.#size + chunk.length;
    if (size > LIMIT_BYTES) return tooLarge();
    if (this.#isAll(chunk)) return this.#takeAll(chunk);
    if (size > this.#bytes.length && !this.#grow(size)) return new TooBusy();
    chunk.copy(this.#bytes, this.#size);
    this.#size = size;
    return undefined;
  }

  whole(): Buffer {
    return this.#size === this.#bytes.length ? this.#bytes : Buffer.from(this.#bytes.subarray(0, this.#size));
  }

  release(): void {
    held -= this.#bytes.length;
    this.#bytes = NOTHING;
    this.#size = 0;
  }

  /** Most bodies come in one piece, in memory of its own. */
  #isAll(chunk: Buffer): boolean {
    return this.#size === 0 && chunk.length === this.#announced && chunk.buffer.byteLength <= 2 * chunk.length;
  }

  #takeAll(chunk: Buffer): TooBusy | undefined {
    if (held + chunk.length > MEMORY_BYTES) return new TooBusy();
    held += chunk.length;
    this.#bytes = chunk;
    this.#size = chunk.length;
    return undefined;
  }

  #grow(least: number): boolean {
    const wanted = Math.min(Math.max(FIRST_BYTES, 2 * this.#bytes.length), this.#announced, LIMIT_BYTES);
    const more = Math.max(least, wanted) - this.#bytes.length;
    if (held + more > MEMORY_BYTES) return false;
    held += more;
    const grown = Buffer.allocUnsafe(this.#bytes.length + more);
    this.#bytes.copy(grown, 0, 0, this.#size);
    this.#bytes = grown;
    return true;
  }
}

/**
 * What claims to be JSON must be text and of a shape that parsing it, and writing it again, cannot hurt.
 * @throws Rejected
 */
export function checkJson(raw: Buffer, type: string | undefined): void {
  if (!looksLikeJson(raw) && !/json/i.test(type ?? '')) return;
  if (!isUtf8(raw)) throw new Rejected('The body is not UTF-8.');
  if (raw.length <= MOST_VALUES && opensFew(raw)) return;
  const { depth, values } = shapeOf(raw);
  if (depth > DEEPEST) throw new Rejected('The body is nested too deeply.');
  if (values > MOST_VALUES) throw new Rejected('The body holds too many values.');
}

const [QUOTE, BACKSLASH, COMMA, BRACKET, BRACE] = [0x22, 0x5c, 0x2c, 0x5b, 0x7b];
/** Blanks, and the mark of UTF-8 that decoders leave out. */
const BEFORE_JSON = new Set([0x20, 0x09, 0x0a, 0x0d, 0xef, 0xbb, 0xbf]);
const CLOSING_BRACKET = 0x5d;
const CLOSING_BRACE = 0x7d;

function looksLikeJson(raw: Buffer): boolean {
  let at = 0;
  while (at < raw.length && BEFORE_JSON.has(raw[at] ?? 0)) at += 1;
  return raw[at] === BRACE || raw[at] === BRACKET;
}

/** Whether it cannot be too deep, whatever of it stands in texts. */
function opensFew(raw: Buffer): boolean {
  let opened = 0;
  for (const opening of [BRACE, BRACKET]) {
    for (let at = raw.indexOf(opening); at !== -1; at = raw.indexOf(opening, at + 1)) {
      opened += 1;
      if (opened > DEEPEST) return false;
    }
  }
  return true;
}

/** In one pass over the bytes, whatever they are. */
function shapeOf(raw: Buffer): { depth: number; values: number } {
  let [open, depth, values] = [0, 0, 1];
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at];
    if (byte === QUOTE) at = endOfText(raw, at);
    else if (byte === COMMA) values += 1;
    else if (byte === BRACKET || byte === BRACE) {
      open += 1;
      if (open > depth) depth = open;
    } else if (byte === CLOSING_BRACKET || byte === CLOSING_BRACE) open -= 1;
  }
  return { depth, values };
}

function endOfText(raw: Buffer, start: number): number {
  for (let end = raw.indexOf(QUOTE, start + 1); end !== -1; end = raw.indexOf(QUOTE, end + 1)) {
    let slashes = 0;
    while (raw[end - 1 - slashes] === BACKSLASH) slashes += 1;
    if (slashes % 2 === 0) return end;
  }
  return raw.length;
}

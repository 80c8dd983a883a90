import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Rejected } from '../sdk/errors.ts';

const DECODERS = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

/**
 * The text of a body. Compression is not asked for, yet some servers use it unasked.
 * @throws HubError `rejected` for a body that unpacks to more than `limit` bytes
 */
export async function decodeBody(bytes: Buffer, headers: Readonly<Record<string, string>>, limit: number): Promise<string> {
  const decode = DECODERS[(headers['content-encoding'] ?? '').trim().toLowerCase() as keyof typeof DECODERS];
  if (!decode || bytes.length === 0) return toText(bytes, headers['content-type']);
  try {
    return toText(await decode(bytes, { maxOutputLength: limit }), headers['content-type']);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') throw error;
    throw new Rejected('The answer unpacks to more than 10 MB; ask for less at a time.');
  }
}

function toText(bytes: Buffer, contentType = ''): string {
  const charset = /charset\s*=\s*"?([^\s;"]+)/i.exec(contentType)?.[1] ?? 'utf-8';
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    // A charset nobody knows: UTF-8 is what it nearly always is.
    return new TextDecoder().decode(bytes);
  }
}

/** The parsed JSON, the text of anything else, `undefined` for an empty body; `broken` where JSON was due and did not come. */
export function parseData(text: string, contentType: string, accept: string): { data: unknown; broken: boolean } {
  const trimmed = text.trim();
  if (trimmed === '') return { data: undefined, broken: false };
  const claimed = /^[^;]*[/+]json\b/i.test(contentType);
  const html = /^\s*(text\/html|application\/xhtml)/i.test(contentType);
  if (claimed || (looseType(contentType) && /^[[{]/.test(trimmed))) {
    const parsed = tryJson(trimmed);
    if (parsed) return { data: parsed.value, broken: false };
    if (claimed) return { data: text, broken: true };
  }
  return { data: text, broken: html && accept.includes('json') };
}

/** Types under which providers are known to send JSON all the same. */
function looseType(contentType: string): boolean {
  return /^\s*($|text\/(plain|html|javascript)|application\/(javascript|octet-stream))/i.test(contentType);
}

function tryJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

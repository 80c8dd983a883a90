import { Memo } from '../../inbox/memo.ts';

/** A request that came whole and holds nothing unusual. */
export interface PlainCall {
  readonly url: string;
  /** Lower-case names. */
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Of a head; what providers send is nowhere near. */
const LONGEST = 8192;
const MOST_HEADERS = 64;
const BEGINS = Buffer.from('POST /webhooks/');
const END = Buffer.from('\r\n\r\n');
const FIRST = /^POST (\/webhooks\/[\w.~%/-]+(?:\?[\w.~%!$&'()*+,;=:@/?[\]-]*)?) HTTP\/1\.1\r\n/;
/** Visible ASCII, with single colon and line ends by the book: no folding, no blank before the colon, no lone CR or LF. */
const HEADER = /([\w!#$%&'*+.^`|~-]+):[ \t]*([!-~](?:[ \t!-~]*[!-~])?)[ \t]*\r\n/y;
/** They change what a connection or a body is: who sends them is answered by Node's own parser. */
const UNUSUAL = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'http2-settings', 'proxy-connection']);
/** A name as it came → in lower case, null for an unusual one. Each may keep the head alive that it was part of. */
const names = new Memo(200, (name) => {
  const lower = name.toLowerCase();
  return UNUSUAL.has(lower) ? null : lower;
});

/**
 * The call in `bytes`, if they are exactly one whole request for a webhook in the plainest form there is. This is no parser of
 * HTTP: whatever it does not know word for word is left to one, from its first byte on.
 */
export function plainCall(bytes: Buffer): PlainCall | undefined {
  if (bytes.length < BEGINS.length || BEGINS.compare(bytes, 0, BEGINS.length) !== 0) return undefined;
  const end = bytes.indexOf(END);
  if (end === -1 || end > LONGEST) return undefined;
  // With a letter for each byte, none of them above ASCII passes below.
  const head = bytes.toString('latin1', 0, end + 2);
  const [first, url] = FIRST.exec(head) ?? [];
  if (first === undefined || url === undefined) return undefined;
  const headers = headersOf(head, first.length);
  const from = end + END.length;
  if (!headers || !isWhole(headers, bytes.length - from)) return undefined;
  return { url, headers, body: bytes.subarray(from) };
}

/** Undefined for what is unusual, and for one that comes twice. */
function headersOf(head: string, from: number): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  let count = 0;
  HEADER.lastIndex = from;
  for (let at = from; at < head.length; at = HEADER.lastIndex) {
    const [, name = '', value = ''] = HEADER.exec(head) ?? [];
    const lower = names.of(name);
    count += 1;
    // No value is empty, and what an object has by itself is no name that a caller should use.
    if (name === '' || lower === null || headers[lower] !== undefined || count > MOST_HEADERS) return undefined;
    headers[lower] = value;
  }
  return headers;
}

/** Whether its length is said, in digits alone, and is what came; that it is for a host, and the connection stays. */
function isWhole(headers: Record<string, string>, bytes: number): boolean {
  const { host, connection, 'content-length': length = '' } = headers;
  if (host === undefined || !/^(?:0|[1-9]\d{0,6})$/.test(length) || Number(length) !== bytes) return false;
  return connection === undefined || /^keep-alive$/i.test(connection);
}

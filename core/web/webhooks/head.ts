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
const END = Buffer.from('\r\n\r\n');
const FIRST = /^POST (\/webhooks\/[\w.~%/-]+(?:\?[\w.~%!$&'()*+,;=:@/?[\]-]*)?) HTTP\/1\.1\r\n/;
/** Visible ASCII, blanks and tabs, with line ends by the book: no lone CR or LF. */
const LINES = /^(?:[\t -~]+\r\n)+$/;
/** Up to its colon: no folding, no blank before the colon. */
const NAME = /^[\w!#$%&'*+.^`|~-]+$/;
/** They change what a connection or a body is: who sends them is answered by Node's own parser. */
const UNUSUAL = new Set(['transfer-encoding', 'expect', 'upgrade', 'trailer', 'te', 'http2-settings', 'proxy-connection']);
/** A name as it came → in lower case, null for an unusual one. Each may keep the head alive that it was part of. */
const names = new Memo(200, (name) => {
  const lower = name.toLowerCase();
  return NAME.test(name) && !UNUSUAL.has(lower) ? lower : null;
});

/**
 * The call in `bytes`, if they are exactly one whole request for a webhook in the plainest form there is. This is no parser of
 * HTTP: whatever it does not know word for word is left to one, from its first byte on.
 */
export function plainCall(bytes: Buffer): PlainCall | undefined {
  const end = bytes.indexOf(END);
  if (end === -1 || end > LONGEST) return undefined;
  // With a letter for each byte, none of them above ASCII passes below.
  const head = bytes.toString('latin1', 0, end + 2);
  const [first, url] = FIRST.exec(head) ?? [];
  if (first === undefined || url === undefined || !LINES.test(head)) return undefined;
  const headers = headersOf(head, first.length);
  const from = end + END.length;
  if (!headers || !isWhole(headers, bytes.length - from)) return undefined;
  return { url, headers, body: bytes.subarray(from) };
}

/** Undefined for what is unusual, and for one that comes twice. */
function headersOf(head: string, from: number): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  let count = 0;
  for (let at = from, end = from; at < head.length; at = end + 2) {
    end = head.indexOf('\r\n', at);
    const colon = head.indexOf(':', at);
    if (colon === -1 || colon > end) return undefined;
    const name = names.of(head.slice(at, colon));
    const value = head.slice(colon + 1, end).trim();
    count += 1;
    // What an object has by itself is no name that a caller should use.
    if (name === null || value === '' || headers[name] !== undefined || count > MOST_HEADERS) return undefined;
    headers[name] = value;
  }
  return headers;
}

/** Whether its length is said, in digits alone, and is what came; that it is for a host, and the connection stays. */
function isWhole(headers: Record<string, string>, bytes: number): boolean {
  const { host, connection, 'content-length': length = '' } = headers;
  if (host === undefined || length !== String(bytes)) return false;
  return connection === undefined || /^keep-alive$/i.test(connection);
}

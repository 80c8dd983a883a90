import type { ServerResponse } from 'node:http';
import type { Answer } from '../inbox/answer.ts';

/** Of an answer with a body, whatever a browser would make of it. */
const HARMLESS = ['x-content-type-options', 'nosniff', 'content-security-policy', "default-src 'none'"];
const NOTHING = Buffer.alloc(0);

/** The head as a list, which Node writes as it is. */
export function send(res: ServerResponse, id: string, { status, headers, body }: Answer): void {
  const bytes = body === undefined ? NOTHING : Buffer.from(body);
  const head = ['x-request-id', id, 'content-length', String(bytes.length)];
  if (body !== undefined) head.push(...HARMLESS, ...(hasType(headers) ? [] : ['content-type', 'text/html; charset=utf-8']));
  for (const name in headers) if (!/^content-length$/i.test(name)) head.push(name, headers[name] ?? '');
  res.writeHead(status, head);
  res.end(bytes.length > 0 ? bytes : undefined);
}

function hasType(headers: Answer['headers'] = {}): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}

import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Answer } from '../../inbox/answer.ts';
import { problemOf, type Answer as Refusal } from '../http/errors.ts';

/** What is written back. */
export interface Reply {
  readonly status: number;
  /** Names and values in turn, without those that are the connection's own business. */
  readonly head: readonly string[];
  readonly body: Buffer;
}

/** Of an answer with a body, whatever a browser would make of it. */
const HARMLESS = ['x-content-type-options', 'nosniff', 'content-security-policy', "default-src 'none'"];
/** How the answer is sent is not the plugin's to say. */
const OWN = /^(?:content-length|transfer-encoding|connection|keep-alive|trailer|upgrade)$/i;
const NOTHING = Buffer.alloc(0);

/** @param id of the request @throws TypeError, RangeError for an answer that HTTP has no words for */
export function replyOf(id: string, { status, headers, body }: Answer): Reply {
  if (!(status >= 200 && status <= 599)) throw new RangeError(`${status} is no status of an answer.`);
  const bytes = body === undefined ? NOTHING : Buffer.from(body);
  const head = ['x-request-id', id, 'content-length', String(bytes.length)];
  if (body !== undefined) head.push(...HARMLESS, ...(hasType(headers) ? [] : ['content-type', 'text/html; charset=utf-8']));
  for (const name in headers) {
    const value = headers[name] ?? '';
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (!OWN.test(name)) head.push(name, value);
  }
  return { status, head, body: bytes };
}

/** @param id of the request */
export function refusal(id: string, told: Refusal): Reply {
  const body = Buffer.from(JSON.stringify(problemOf(told, id)));
  const head = {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
    ...told.headers,
    'x-request-id': id,
    'cache-control': 'no-store',
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': String(body.length),
  };
  return { status: told.status, head: Object.entries(head).flat(), body };
}

function hasType(headers: Answer['headers'] = {}): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse } from 'node:querystring';
import { Allowance } from '../inbox/allowance.ts';
import type { Answer } from '../inbox/answer.ts';
import { NotFound } from '../sdk/errors.ts';
import type { Incoming } from '../sdk/webhook.ts';
import type { Caller } from './caller.ts';
import { answerFor, problemOf, tooManyRequests, wrongMethod } from './errors.ts';
import type { RateLimits } from './rate-limit.ts';
import { requestId, shownPath } from './request-log.ts';
import type { Services } from './services.ts';
import { send } from './webhook-answer.ts';
import { checkJson, readBody, TooBusy } from './webhook-body.ts';
import { Senders } from './webhook-senders.ts';

/** Where providers call: `/webhooks/:plugin`, `…/c/:key`, `…/:eventType`, and another name of the first. */
const PLACE = /^\/(?:webhooks\/([^/]+)(?:\/c\/([^/]+)|\/([^/]+))?|api\/integrations\/([^/]+)\/webhook)\/?$/i;
/** No plugin's id and no key is longer. */
const LONGEST_NAME = 200;
/** Keys that calls were accepted with, remembered to tell them from guesses. */
const KNOWN_KEYS = 20_000;
const NO_BODY = Buffer.alloc(0);

export interface WebhookRoom {
  readonly web: Pick<Services, 'intake' | 'log'>;
  readonly limits: RateLimits;
  readonly trust: Caller['trust'];
}

interface Place {
  readonly plugin: string;
  readonly key: string | undefined;
  readonly eventType: string | undefined;
}

/**
 * Takes the calls of providers ahead of everything else: raw bytes in, the plugin's answer out. Signatures are checked over
 * exactly these bytes, so nothing may parse them.
 * @returns what says whether a request is such a call, and answers it if so
 */
export function webhookRoom(room: WebhookRoom): (req: IncomingMessage, res: ServerResponse) => boolean {
  const refusals = new Allowance(room.limits.webhooks);
  const keys = new Set<string>();
  const senders = new Senders(room.trust);
  return (req, res) => {
    const [path = '', query = ''] = splitOnce(req.url ?? '');
    const match = PLACE.exec(path);
    if (!match) return false;
    void answer({ room, refusals, keys, senders, req, res, match, query });
    return true;
  };
}

interface Exchange {
  readonly room: WebhookRoom;
  readonly refusals: Allowance;
  readonly keys: Set<string>;
  readonly senders: Senders;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly match: RegExpExecArray;
  readonly query: string;
}

/** Never rejects. */
async function answer(exchange: Exchange): Promise<void> {
  const { room, req, res } = exchange;
  const began = performance.now();
  const id = requestId(req);
  let code: string | undefined;
  try {
    const given = await receive(exchange);
    code = given?.refused;
    if (given) send(res, id, given);
    else {
      code = 'unfinished';
      res.writeHead(408).destroy();
    }
  } catch (error) {
    code = refuse(exchange, id, error);
  }
  const level = levelOf(res.statusCode);
  if (!room.web.log.isLevelEnabled(level)) return;
  const ms = Math.round(performance.now() - began);
  const fields = { req: { id, method: req.method, path: shownPath(req.url ?? '') }, res: { status: res.statusCode }, ms };
  room.web.log[level](code ? { ...fields, refused: code } : fields, 'request');
}

/** What is accepted has its trail; a line for each of thousands a second would tell nothing more. */
function levelOf(status: number): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  return status < 300 ? 'debug' : 'info';
}

/** @returns undefined when the caller went away before the end of what it had to say */
async function receive(exchange: Exchange): Promise<Answer | undefined> {
  const { room, refusals, req, match, query } = exchange;
  const { method = 'GET' } = req;
  if (method !== 'GET' && method !== 'POST' && method !== 'HEAD') throw wrongMethod(method, ['GET', 'POST']);
  const place = placeOf(match);
  const sender = exchange.senders.of(req);
  const seconds = refusals.isEmpty ? 0 : refusals.spent(guesserOf(exchange, place, sender));
  if (seconds > 0) throw tooManyRequests(seconds);
  try {
    const raw = method === 'POST' ? await readBody(req) : NO_BODY;
    if (!raw) return undefined;
    checkJson(raw, req.headers['content-type']);
    const { plugin, key, eventType } = place;
    const given = await room.web.intake.receive(plugin, incoming(req, { raw, query, eventType }), { key, sender });
    remember(exchange, place);
    return given;
  } catch (error) {
    if (error instanceof TooBusy) return room.web.intake.putOff(place.plugin);
    refusals.take(guesserOf(exchange, place, sender));
    throw error;
  }
}

/**
 * Whom a refusal is counted for: who guesses signatures or keys locks out nobody else, and a provider may send as much as it
 * likes. All keys that nobody has are one guess, or each would be the first; those that somebody has are not held up by them.
 */
function guesserOf({ keys }: Exchange, { plugin, key }: Place, sender: string): string {
  if (key === undefined) return `${plugin} ${sender}`;
  return `${plugin}/c/${keys.has(`${plugin} ${key}`) ? key : ''} ${sender}`;
}

function remember({ keys }: Exchange, { plugin, key }: Place): void {
  if (key === undefined) return;
  keys.add(`${plugin} ${key}`);
  const [first] = keys.size > KNOWN_KEYS ? keys : [];
  if (first !== undefined) keys.delete(first);
}

/** @throws NotFound for what nothing here is called, URIError */
function placeOf([, plugin, key, eventType, other]: RegExpExecArray): Place {
  const decoded = (part: string | undefined) => part && decodeURIComponent(part);
  if ([plugin, key, other].some((name) => name && name.length > LONGEST_NAME)) {
    throw new NotFound('There is no webhook at this address; copy it again from the integration.');
  }
  return { plugin: decoded(plugin ?? other) ?? '', key: decoded(key), eventType: decoded(eventType) };
}

function incoming(
  req: IncomingMessage,
  { raw, query, eventType }: { raw: Buffer; query: string; eventType: string | undefined },
): Incoming {
  return {
    method: req.method === 'POST' ? 'POST' : 'GET',
    ...(eventType && { eventType }),
    query: query ? Object.fromEntries(Object.entries(parse(query)).map(([name, value]) => [name, String(value)])) : {},
    headers: plain(req.headers),
    raw,
    receivedAt: new Date().toISOString(),
  };
}

/** Node has made them for this call alone; all but one of them are texts. */
function plain(headers: IncomingMessage['headers']): Record<string, string> {
  const cookies = headers['set-cookie'];
  return (cookies ? { ...headers, 'set-cookie': cookies.join(', ') } : headers) as Record<string, string>;
}

/** @returns why, in a word */
function refuse({ room, res }: Exchange, id: string, error: unknown): string {
  const told = answerFor(error);
  if (told.status === 500) room.web.log.error({ err: error, req: { id } }, 'request failed');
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return told.code;
  }
  const body = Buffer.from(JSON.stringify(problemOf(told, id)));
  const type = 'application/problem+json; charset=utf-8';
  res.writeHead(told.status, {
    'x-content-type-options': 'nosniff',
    'content-security-policy': "default-src 'none'",
    ...told.headers,
    'x-request-id': id,
    'cache-control': 'no-store',
    'content-type': type,
    'content-length': body.length,
  });
  res.end(body);
  return told.code;
}

function splitOnce(url: string): [string, string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

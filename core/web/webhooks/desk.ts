import { parse } from 'node:querystring';
import { Allowance } from '../../inbox/allowance.ts';
import type { Answer } from '../../inbox/answer.ts';
import { Memo } from '../../inbox/memo.ts';
import { isLater, type Soon } from '../../inbox/soon.ts';
import { NotFound } from '../../sdk/errors.ts';
import type { Incoming } from '../../sdk/webhook.ts';
import type { Caller } from '../http/caller.ts';
import { answerFor, tooManyRequests, wrongMethod } from '../http/errors.ts';
import type { RateLimits } from '../http/rate-limit.ts';
import { requestId, shownPath } from '../http/request-log.ts';
import type { Services } from '../services.ts';
import { type Reply, refusal, replyOf } from './answer.ts';
import { checkJson, TooBusy } from './body.ts';
import { Senders } from './senders.ts';

/** Where providers call: `/webhooks/:plugin`, `…/c/:key`, `…/:eventType`, and another name of the first. */
const PLACE = /^\/(?:webhooks\/([^/]+)(?:\/c\/([^/]+)|\/([^/]+))?|api\/integrations\/([^/]+)\/webhook)\/?$/i;
/** No plugin's id and no key is longer. */
const LONGEST_NAME = 200;
/** Keys that calls were accepted with, remembered to tell them from guesses. */
const KNOWN_KEYS = 20_000;

export interface WebhookRoom {
  readonly web: Pick<Services, 'intake' | 'log'> & { readonly config: Pick<Services['config'], 'publicUrl'> };
  readonly limits: RateLimits;
  readonly trust: Caller['trust'];
}

/** A call as it came over the wire. */
export interface WireCall extends Pick<Caller['req'], 'headers' | 'socket'> {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Undefined when the caller went away before the end of it. @throws Rejected, TooBusy */
  body(): Soon<Buffer | undefined>;
}

interface Place {
  readonly plugin: string;
  readonly key: string | undefined;
  readonly eventType: string | undefined;
}

/** Answers the calls of providers, however they came: raw bytes in, the plugin's answer out. */
export class WebhookDesk {
  readonly #web: WebhookRoom['web'];
  readonly #refusals: Allowance;
  readonly #senders: Senders;
  readonly #keys = new Set<string>();

  constructor({ web, limits, trust }: WebhookRoom) {
    this.#web = web;
    this.#refusals = new Allowance(limits.webhooks);
    this.#senders = new Senders(trust);
  }

  /** Whether a request for `url` is such a call. */
  serves(url: string): boolean {
    return PLACE.test(pathOf(url));
  }

  /** Never rejects. @returns undefined when the caller went away before the end of what it had to say */
  async answer(call: WireCall): Promise<Reply | undefined> {
    const began = performance.now();
    const id = requestId(call);
    let code: string | undefined;
    let reply: Reply | undefined;
    try {
      const given = await this.#receive(call);
      code = given ? given.refused : 'unfinished';
      reply = given && replyOf(id, given);
    } catch (error) {
      const told = answerFor(error);
      if (told.status === 500) this.#web.log.error({ err: error, req: { id } }, 'request failed');
      code = told.code;
      reply = refusal(id, told);
    }
    this.#note(call, { id, code, status: reply?.status ?? 408, began });
    return reply;
  }

  #note({ method, url }: WireCall, said: { id: string; code: string | undefined; status: number; began: number }): void {
    const { id, code, status, began } = said;
    const level = levelOf(status);
    const { log } = this.#web;
    if (!log.isLevelEnabled(level)) return;
    const ms = Math.round(performance.now() - began);
    const fields = { req: { id, method, path: shownPath(url) }, res: { status }, ms };
    log[level](code ? { ...fields, refused: code } : fields, 'request');
  }

  async #receive(call: WireCall): Promise<Answer | undefined> {
    const { method } = call;
    if (method !== 'GET' && method !== 'POST' && method !== 'HEAD') throw wrongMethod(method, ['GET', 'POST']);
    const place = places.of(pathOf(call.url));
    const sender = this.#senders.of(call);
    const seconds = this.#refusals.isEmpty ? 0 : this.#refusals.spent(this.#guesserOf(place, sender));
    if (seconds > 0) throw tooManyRequests(seconds);
    try {
      const reading = call.body();
      const raw = isLater(reading) ? await reading : reading;
      if (!raw) return undefined;
      checkJson(raw, call.headers['content-type']);
      const { plugin, key, eventType } = place;
      const given = await this.#web.intake.receive(plugin, this.#incoming(call, raw, eventType), { key, sender });
      this.#remember(place);
      return given;
    } catch (error) {
      if (error instanceof TooBusy) return this.#web.intake.putOff(place.plugin);
      this.#refusals.take(this.#guesserOf(place, sender));
      throw error;
    }
  }

  /** By the address the provider knows, whatever a proxy in front of us made of it. */
  #incoming({ method, url, headers }: WireCall, raw: Buffer, eventType: string | undefined): Incoming {
    const query = url.slice(pathOf(url).length + 1);
    const said: Incoming = {
      method: method === 'POST' ? 'POST' : 'GET',
      url: this.#web.config.publicUrl + url,
      query: query ? Object.fromEntries(Object.entries(parse(query)).map(([name, value]) => [name, String(value)])) : {},
      headers: plain(headers),
      raw,
      receivedAt: now(),
    };
    return eventType ? { ...said, eventType } : said;
  }

  /**
   * Whom a refusal is counted for: who guesses signatures or keys locks out nobody else, and a provider may send as much as it
   * likes. All keys that nobody has are one guess, or each would be the first; those that somebody has are not held up by them.
   */
  #guesserOf({ plugin, key }: Place, sender: string): string {
    if (key === undefined) return `${plugin} ${sender}`;
    return `${plugin}/c/${this.#keys.has(`${plugin} ${key}`) ? key : ''} ${sender}`;
  }

  #remember({ plugin, key }: Place): void {
    if (key === undefined) return;
    this.#keys.add(`${plugin} ${key}`);
    const [first] = this.#keys.size > KNOWN_KEYS ? this.#keys : [];
    if (first !== undefined) this.#keys.delete(first);
  }
}

/** What is accepted has its trail; a line for each of thousands a second would tell nothing more. */
function levelOf(status: number): 'debug' | 'info' | 'warn' {
  if (status >= 500) return 'warn';
  return status < 300 ? 'debug' : 'info';
}

const places = new Memo(500, placeAt);

/** @throws NotFound for what nothing here is called, URIError */
function placeAt(path: string): Place {
  const [, plugin, key, eventType, other] = PLACE.exec(path) ?? [];
  const decoded = (part: string | undefined) => (part?.includes('%') ? decodeURIComponent(part) : part);
  if ([plugin, key, other].some((name) => name && name.length > LONGEST_NAME)) {
    throw new NotFound('There is no webhook at this address; copy it again from the integration.');
  }
  return { plugin: decoded(plugin ?? other) ?? '', key: decoded(key), eventType: decoded(eventType) };
}

let [stamp, stampedAt] = ['', 0];

/** Writing a time costs more than all else that is said of a call here, and many calls come within a millisecond. */
function now(): string {
  const ms = Date.now();
  if (ms !== stampedAt) [stamp, stampedAt] = [new Date(ms).toISOString(), ms];
  return stamp;
}

/** They were made for this call alone; all but one of them are texts. */
function plain(headers: WireCall['headers']): Record<string, string> {
  const cookies = headers['set-cookie'];
  return (cookies ? { ...headers, 'set-cookie': cookies.join(', ') } : headers) as Record<string, string>;
}

function pathOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? url : url.slice(0, at);
}

import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Request, RequestHandler, Response } from 'express';
import type { PageStamp, PageStampStore } from './page-stamp-store.ts';
import { newNonce, nonceOf } from './security-headers.ts';

/** What a page was made of, read before it was made. */
export interface MadeOf {
  readonly storeId: string;
  /** @see ChangeStampStore */
  readonly stamp: string;
  /** Is what no statement tells of still the same? */
  readonly isSame: () => boolean;
}

interface Asked {
  readonly key: string;
  readonly sid: string;
  readonly person: string;
}

interface Kept extends MadeOf, Pick<Asked, 'person'> {
  readonly at: number;
  readonly headers: readonly (readonly [name: string, value: string | readonly string[]])[];
  readonly body: Buffer;
  /** Of the answer that is kept; it stands in the headers and, at these places, in the body. */
  readonly nonce: string;
  readonly nonceAt: readonly number[];
}

interface RepeatsOptions {
  readonly stamps: Pick<PageStampStore, 'of'>;
  /** Writes a request down, and gives its answer an id. */
  readonly logged: RequestHandler;
  /** Of the cookie that holds the session. */
  readonly cookie: string;
}

const PAGES = /^\/integrations(?:\?|$)/;
/** What no stamp tells (time passes, a message waits) is this old at most, besides its age when it was kept. */
const LONGEST_MS = 1000;
const MOST = 32;
const LONGEST_KEY = 4000;
/** Each answer has its own. */
const OWN = new Set(['x-request-id', 'connection']);

/**
 * Answers again with what the same browser was answered a moment ago, ahead of Express, while nothing has changed that the
 * answer was made of; that is asked of the database each time, so that who signs out, is removed or loses a role sees no more
 * of it. All other requests go on as they came.
 */
export class Repeats {
  readonly #options: RepeatsOptions;
  readonly #kept = new Map<string, Kept>();
  readonly #asked = new WeakMap<IncomingMessage, Asked>();

  constructor(options: RepeatsOptions) {
    this.#options = options;
  }

  /** @param otherwise what answers where nothing can be repeated */
  answer(req: IncomingMessage, res: ServerResponse, otherwise: RequestListener): void {
    const key = keyOf(req);
    const sid = key && sidIn(req.headers.cookie ?? '', this.#options.cookie);
    if (!key || !sid) return void otherwise(req, res);
    const known = this.#kept.get(key);
    const kept = known && performance.now() - known.at < LONGEST_MS ? known : undefined;
    this.#options.stamps.of(sid, kept?.storeId).then(
      (stamp) => {
        if (kept && stamp && isSame(kept, stamp)) return this.#repeat(req, res, kept);
        if (stamp) this.#asked.set(req, { key, sid, person: stamp.person });
        otherwise(req, res);
      },
      () => otherwise(req, res),
    );
  }

  /** @param html what is about to be sent, whole, to somebody signed in */
  keep(req: Request, res: Response, { madeOf, html }: { madeOf: MadeOf; html: Buffer }): void {
    const asked = this.#asked.get(req);
    if (asked?.sid !== req.sessionID || res.statusCode !== 200) return;
    const { key, person } = asked;
    const headers = Object.entries(res.getHeaders()).flatMap(([name, value = '']): [string, string | string[]][] =>
      OWN.has(name) ? [] : [[name, Array.isArray(value) ? value : String(value)]],
    );
    const nonce = nonceOf(res);
    this.#kept.delete(key);
    this.#kept.set(key, { ...madeOf, person, at: performance.now(), headers, body: html, nonce, nonceAt: placesOf(nonce, html) });
    for (const [old, { at }] of this.#kept) {
      if (this.#kept.size > MOST || performance.now() - at > LONGEST_MS) this.#kept.delete(old);
    }
  }

  #repeat(req: IncomingMessage, res: ServerResponse, { headers, body, nonce, nonceAt }: Kept): void {
    this.#options.logged(req as Request, res as Response, () => {
      const own = newNonce();
      for (const [name, value] of headers) res.setHeader(name, typeof value === 'string' ? value.replace(nonce, own) : value);
      const html = Buffer.from(body);
      for (const at of nonceAt) html.write(own, at, 'latin1');
      res.end(html);
    });
  }
}

function isSame(kept: Kept, { person, store }: PageStamp): boolean {
  return person === kept.person && store === kept.stamp && kept.isSame();
}

/** All that a page may depend on of the request; undefined where it is none that may be repeated. */
function keyOf({ method, url = '', headers, headersDistinct }: IncomingMessage): string | undefined {
  if (method !== 'GET' || !PAGES.test(url) || headers['x-live'] !== undefined) return undefined;
  if (headersDistinct['host']?.length !== 1) return undefined;
  const key = [url, headers['accept-language'], headers.accept, headers.cookie].join('\n');
  return key.length > LONGEST_KEY ? undefined : key;
}

/** As it was signed. That the signature holds is for Express to find out before anything is kept. */
function sidIn(cookies: string, name: string): string | undefined {
  return new RegExp(`(?:^|; ?)${name}=s(?:%3A|:)([\\w-]+)\\.`).exec(cookies)?.[1];
}

function placesOf(nonce: string, html: Buffer): number[] {
  const places: number[] = [];
  for (let at = html.indexOf(nonce); at !== -1; at = html.indexOf(nonce, at + 1)) places.push(at);
  return places;
}

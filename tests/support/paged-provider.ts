import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request for a page of an account's contacts. */
export interface PageCall {
  readonly account: string;
  readonly cursor: string;
  /** This one included: how often the page was asked for. */
  readonly times: number;
  /** This one included: how often the account was called. */
  readonly number: number;
}

/** What happens instead of a page; answers nothing where the page is to be given. */
export type Trouble = (call: PageCall, res: ServerResponse) => boolean | Promise<boolean>;

/** A provider on loopback whose accounts hold as many contacts as they are told to, and which can be given troubles. */
export class PagedProvider {
  /** Account → how many contacts it has. */
  readonly totals = new Map<string, number>();
  readonly troubles = new Map<string, Trouble>();
  /** When an account was called, and for what. */
  readonly calls: { readonly account: string; readonly at: number; readonly cursor: string }[] = [];
  readonly #pageSize: number;
  readonly #server = createServer((req, res) => {
    this.#answer(req, res).catch(() => res.destroy());
  });

  constructor(pageSize = 100) {
    this.#pageSize = pageSize;
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Page → how often it was asked for. */
  fetched(account: string): Map<string, number> {
    const times = new Map<string, number>();
    for (const call of this.calls) if (call.account === account) times.set(call.cursor, (times.get(call.cursor) ?? 0) + 1);
    return times;
  }

  ids(account: string): string[] {
    return Array.from({ length: this.totals.get(account) ?? 0 }, (_, n) => contact(n).id);
  }

  /** What a page holds, beginning with the contact of this number. */
  page(account: string, from: number): object {
    const total = this.totals.get(account) ?? 0;
    const to = Math.min(total, from + this.#pageSize);
    return {
      total,
      contacts: Array.from({ length: to - from }, (_, n) => contact(from + n)),
      next: to < total ? String(to) : null,
    };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://paged');
    const [, , account = '', what] = pathname.split('/');
    const cursor = what === 'contacts' ? (searchParams.get('cursor') ?? '') : String(what);
    this.calls.push({ account, at: Date.now(), cursor });
    const times = this.fetched(account).get(cursor) ?? 0;
    const number = this.calls.filter((call) => call.account === account).length;
    if (await this.troubles.get(account)?.({ account, cursor, times, number }, res)) return;
    json(res, 200, what === 'contacts' ? this.page(account, Number(cursor)) : { pong: true });
  }
}

/** @returns true, for a trouble to say that it has answered */
export function json(res: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): true {
  res.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}

function contact(n: number): { readonly id: string; readonly name: string; readonly email: string } {
  return { id: `contact-${String(n).padStart(8, '0')}`, name: `Contact ${n}`, email: `contact-${n}@example.com` };
}

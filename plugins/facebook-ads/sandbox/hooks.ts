import { createHmac } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import type { Doc } from './base.ts';
import { DEMO_APP_SECRET } from './demo.ts';

/** Sent again at once and then less and less often for 36 hours: here in seconds. */
const RETRY_AFTER_MS = [500, 1000, 2000, 4000, 8000];

/** What the deliveries need of the simulator around them. */
export interface Desk {
  readonly env: SandboxEnv;
  note(line: string): void;
  changed(): void;
}

/** Signs and delivers webhooks for pages that have the app installed. */
export class Hooks {
  readonly pages: Set<string>;
  delivered: number;
  readonly #desk: Desk;
  readonly #timers = new Set<NodeJS.Timeout>();
  #queue: Promise<unknown> = Promise.resolve();
  #last: string | undefined;
  #closed = false;

  constructor(desk: Desk, saved: { pages: readonly string[]; delivered: number } | undefined) {
    this.#desk = desk;
    this.pages = new Set(saved?.pages);
    this.delivered = saved?.delivered ?? 0;
  }

  isSubscribed(page: string): boolean {
    return this.pages.has(page);
  }

  subscribe(page: string): void {
    this.pages.add(page);
    this.#desk.changed();
  }

  unsubscribe(page: string): void {
    this.pages.delete(page);
    this.#desk.changed();
  }

  /** Says that a lead came in, if anybody listens; whether somebody does. */
  lead(lead: Doc): boolean {
    if (!this.isSubscribed(String(lead['page_id']))) return false;
    this.send([lead]);
    return true;
  }

  /** One call for any number of leads, listened to or not: what the developer's test button does. */
  send(leads: readonly Doc[]): void {
    const body = this.#bodyOf(leads);
    this.#last = body;
    this.#queue = this.#queue.then(() => this.#attempt(body, 0));
  }

  /** The last call once more, byte by byte. */
  replay(): boolean {
    const body = this.#last;
    if (body) this.#queue = this.#queue.then(() => this.#attempt(body, 0));
    return body !== undefined;
  }

  /** A signed webhook with one byte changed on the way; resolves with the status the hub answered. */
  async sendTampered(lead: Doc): Promise<number> {
    const body = this.#bodyOf([lead]);
    const status = await this.#desk.env.deliver('', signedHeaders(body), body.replace('"leadgen_id":"8', '"leadgen_id":"7'));
    this.#desk.note(`webhook with a changed byte → ${status}`);
    return status;
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #bodyOf(leads: readonly Doc[]): string {
    const time = Math.floor(this.#desk.env.now().getTime() / 1000);
    const pages = [...new Set(leads.map((lead) => String(lead['page_id'])))];
    const entry = pages.map((id) => ({
      id,
      time,
      changes: leads.filter((lead) => lead['page_id'] === id).map((lead) => ({ field: 'leadgen', value: changeOf(lead) })),
    }));
    return JSON.stringify({ object: 'page', entry });
  }

  async #attempt(body: string, before: number): Promise<void> {
    if (this.#closed) return;
    const status = await this.#desk.env.deliver('', signedHeaders(body), body).catch(() => 0);
    if (status === 200) {
      this.delivered += 1;
      this.#desk.changed();
    }
    const wait = status === 200 ? undefined : RETRY_AFTER_MS[before];
    this.#desk.note(`webhook leadgen → ${status || 'no answer'}${wait === undefined ? '' : `, again in ${wait / 1000} s`}`);
    if (wait === undefined || this.#closed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      void this.#attempt(body, before + 1);
    }, wait);
    timer.unref();
    this.#timers.add(timer);
  }
}

/** Answers are not in it: the lead has to be fetched. */
function changeOf(lead: Doc): object {
  return {
    leadgen_id: lead.id,
    page_id: lead['page_id'],
    form_id: lead['form_id'],
    ...(lead['ad_id'] !== undefined && { ad_id: lead['ad_id'], adgroup_id: lead['ad_id'] }),
    created_time: Math.floor(Date.parse(String(lead['created_time'])) / 1000),
  };
}

function signedHeaders(body: string): Record<string, string> {
  const sign = (algorithm: string) => createHmac(algorithm, DEMO_APP_SECRET).update(body).digest('hex');
  return {
    'content-type': 'application/json',
    'user-agent': 'facebookplatform/1.0 (sandbox)',
    'x-hub-signature': `sha1=${sign('sha1')}`,
    'x-hub-signature-256': `sha256=${sign('sha256')}`,
  };
}

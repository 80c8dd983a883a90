import { createHmac } from 'node:crypto';
import type { SandboxEnv } from 'patchbay';
import { type CallLog, Deliveries } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import { DEMO_APP_SECRET } from './demo.ts';

/** Sent again at once and then less and less often for 36 hours: here in seconds. */
const RETRY_AFTER_MS = [500, 1000, 2000, 4000, 8000];

/** What the deliveries need of the simulator around them. */
export interface Desk {
  readonly env: SandboxEnv;
  readonly log: CallLog;
  changed(): void;
}

/** Signs and delivers webhooks for pages that have the app installed. */
export class Hooks {
  readonly pages: Set<string>;
  delivered: number;
  readonly #desk: Desk;
  readonly #deliveries: Deliveries;
  #last: string | undefined;

  constructor(desk: Desk, saved: { pages: readonly string[]; delivered: number } | undefined) {
    this.#desk = desk;
    this.pages = new Set(saved?.pages);
    this.delivered = saved?.delivered ?? 0;
    this.#deliveries = new Deliveries({
      ...desk,
      retryAfterMs: RETRY_AFTER_MS,
      accepts: (status) => status === 200,
      delivered: () => {
        this.delivered += 1;
        desk.changed();
      },
    });
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
    this.#deliver(body);
  }

  /** The last call once more, byte by byte. */
  replay(): boolean {
    const body = this.#last;
    if (body) this.#deliver(body);
    return body !== undefined;
  }

  /** A signed webhook with one byte changed on the way; resolves with the status the hub answered. */
  sendTampered(lead: Doc): Promise<number> {
    const signed = this.#bodyOf([lead]);
    const body = signed.replace('"leadgen_id":"8', '"leadgen_id":"7');
    return this.#deliveries.once({ label: 'with a changed byte', body, headers: () => signedHeaders(signed) });
  }

  close(): void {
    this.#deliveries.close();
  }

  #deliver(body: string): void {
    this.#deliveries.send({ label: 'leadgen', body, headers: () => signedHeaders(body) });
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

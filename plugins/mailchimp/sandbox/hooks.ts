import { createHmac } from 'node:crypto';
import type { Raw, SandboxEnv } from 'patchbay';
import { type CallLog, Deliveries, webhookPath } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import type { World } from './world.ts';

/** The provider sends again at growing intervals for about 75 minutes: here in seconds. */
const RETRY_AFTER_MS = [1000, 2000, 4000, 8000, 15_000];

export type Source = 'user' | 'admin' | 'api';

/** What the deliveries need of the simulator around them. */
export interface HooksDesk {
  readonly env: SandboxEnv;
  world(): World;
  readonly log: CallLog;
  delivered(): void;
}

export interface Sending {
  readonly listId: string;
  readonly type: string;
  readonly data: Raw;
  readonly source: Source;
}

/** Signs and delivers webhooks: first attempts in the order of the changes, repeats when they are due. */
export class Hooks {
  /** Webhooks made from now on have a signing secret. */
  signing = true;
  readonly #desk: HooksDesk;
  readonly #deliveries: Deliveries;

  constructor(desk: HooksDesk) {
    this.#desk = desk;
    this.#deliveries = new Deliveries({ ...desk, retryAfterMs: RETRY_AFTER_MS });
  }

  note(line: string): void {
    this.#desk.log.note(line);
  }

  /** Asks an address by GET, as the validator does before a webhook is kept; 0 for no answer. */
  async validate(url: string): Promise<number> {
    const { status } = await this.#desk.env.ask(webhookPath(url) ?? '');
    this.note(`GET of the webhook validator → ${status || 'no answer'}`);
    return status;
  }

  /** Something happened to a contact. */
  member(type: 'subscribe' | 'unsubscribe' | 'profile', doc: Doc, source: Source, more: Raw = {}): void {
    const leaving = type === 'unsubscribe' ? { action: 'unsub', reason: 'manual', campaign_id: '' } : {};
    const merge = doc['merge_fields'] as Raw;
    this.send({
      listId: String(doc['list_id']),
      type,
      source,
      data: {
        ...leaving,
        ...more,
        id: doc['id'],
        list_id: doc['list_id'],
        email: doc['email_address'],
        email_type: doc['email_type'],
        ip_opt: doc['ip_opt'],
        ip_signup: doc['ip_signup'],
        web_id: doc['web_id'],
        merges: { EMAIL: doc['email_address'], ...merge, INTERESTS: '' },
      },
    });
  }

  /** To every webhook of the audience that wants to hear of it. */
  send({ listId, type, data, source }: Sending): void {
    for (const hook of this.#of(listId)) {
      const [events, sources] = [hook['events'], hook['sources']] as [Record<string, boolean>, Record<string, boolean>];
      if (!events[type] || !sources[source]) continue;
      const body = formOf({ type, fired_at: firedAt(this.#desk.env.now()), data });
      this.#deliveries.send({ label: type, ...pathOf(hook), body, headers: () => this.#headers(hook, body) });
    }
  }

  /** A call that must be refused; resolves with the statuses the hub answered. */
  async forge(listId: string, how: 'changed' | 'stale' | 'unsigned' | 'foreign'): Promise<number[]> {
    const now = Math.floor(this.#desk.env.now().getTime() / 1000);
    const data = { id: 'f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0', list_id: listId, email: 'forged@mail.example' };
    const body = formOf({ type: 'unsubscribe', fired_at: firedAt(this.#desk.env.now()), data });
    const statuses: number[] = [];
    for (const hook of this.#of(listId)) {
      const secret = how === 'foreign' ? 'another secret' : String(hook['signing_secret'] ?? '');
      const headers = how === 'unsigned' ? plainHeaders : signed(secret, body, how === 'stale' ? now - 301 : now);
      const sent = how === 'changed' ? body.replace('forged', 'forget') : body;
      statuses.push(await this.#deliveries.once({ label: how, ...pathOf(hook), body: sent, headers: () => headers }));
    }
    return statuses;
  }

  close(): void {
    this.#deliveries.close();
  }

  #of(listId: string): Doc[] {
    return this.#desk.world().at('webhooks', listId);
  }

  #headers(hook: Doc, body: string): Record<string, string> {
    const secret = hook['signing_secret'];
    return secret ? signed(String(secret), body, Math.floor(this.#desk.env.now().getTime() / 1000)) : plainHeaders;
  }
}

const plainHeaders = {
  'content-type': 'application/x-www-form-urlencoded',
  'user-agent': 'MailChimp (sandbox)',
};

function signed(secret: string, body: string, at: number): Record<string, string> {
  const v1 = createHmac('sha256', secret).update(`${at}.${body}`).digest('hex');
  return { ...plainHeaders, 'x-mailchimp-signature': `t=${at},v1=${v1}` };
}

/** `2026-03-14 12:00:00`, in UTC. */
function firedAt(now: Date): string {
  return now.toISOString().slice(0, 19).replace('T', ' ');
}

/** As PHP writes nested values into a form: `data[merges][FNAME]=Ada`. */
export function formOf(body: Raw): string {
  const form = new URLSearchParams();
  const add = (name: string, value: unknown) => {
    if (typeof value !== 'object' || value === null) form.append(name, String(value ?? ''));
    else for (const [key, below] of Object.entries(value)) add(`${name}[${key}]`, below);
  };
  for (const [name, value] of Object.entries(body)) add(name, value);
  return form.toString();
}

function pathOf(hook: Doc): { path: string } {
  return { path: webhookPath(String(hook['url'])) ?? '' };
}

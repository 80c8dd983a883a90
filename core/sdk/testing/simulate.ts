import type { Incoming, Sandbox, SandboxEnv, SandboxInstance, Webhook, WebhookKeys } from '../index.ts';

export interface Delivery {
  /** After `/webhooks/<plugin>`. */
  readonly path: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly raw: Uint8Array;
}

/** What a simulator reaches of the hub. */
export interface Reached {
  onDelivery(delivery: Delivery): void;
  ask: SandboxEnv['ask'];
}

/** What each call takes on the simulator's clock. */
const PACE_MS = 200;

/** A fresh simulator beside which nothing runs; state in memory. */
export function simulate(sandbox: Sandbox, hub: Reached): SandboxInstance {
  let state: unknown;
  let asked = 0;
  const instance = sandbox.create({
    urlOf: (host) => `http://127.0.0.1:3000/sandbox/plugin/api/${host}`,
    async deliver(path, headers, body) {
      const names = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
      hub.onDelivery({ path, headers: Object.fromEntries(names), raw: Buffer.from(body) });
      return 200;
    },
    ask: (path) => hub.ask(path),
    load: () => state,
    save: (value) => {
      state = structuredClone(value);
    },
    // Time flies, so that a test meets the provider's rate limit only where it means to.
    now: () => new Date(Date.now() + asked * PACE_MS),
  });
  const handle: SandboxInstance['handle'] = (req) => {
    asked += 1;
    return instance.handle(req);
  };
  return { handle, panel: () => instance.panel(), commands: instance.commands, close: async () => instance.close?.() };
}

/** The hub's answer to a GET of the provider's: what `challenge` says, else what a call without a body deserves. */
export function answerTo(
  webhook: Webhook<never> | undefined,
  path: string,
  keys: WebhookKeys,
): Awaited<ReturnType<SandboxEnv['ask']>> {
  if (!webhook) return { status: 404, body: '' };
  const req = incoming(path, { method: 'GET', headers: {}, raw: new Uint8Array() });
  const ack = webhook.challenge?.(req, keys);
  if (ack) return { status: ack.status, body: ack.body ?? '' };
  return { status: webhook.verify(req, keys) === true ? 200 : 401, body: '' };
}

/** A webhook call as the hub would hand it to `verify`: a body under headers, by POST unless said otherwise. */
export function incomingCall(body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}): Incoming {
  return incoming('', { method: 'POST', headers, raw: Buffer.from(body) });
}

/** Where a provider is told to report changes, and calls. */
export const WEBHOOKS_URL = 'http://127.0.0.1:3000/webhooks/plugin';

/** A call as the hub would hand it to `verify`; `path` is what follows `/webhooks/<plugin>`. */
export function incoming(path: string, { method, headers, raw }: Pick<Incoming, 'method' | 'headers' | 'raw'>): Incoming {
  const url = new URL(path, 'http://hub');
  const parts = url.pathname.split('/').filter((part) => part !== '');
  const eventType = parts[0] === 'c' ? undefined : parts[0];
  const query = Object.fromEntries(url.searchParams);
  const said = { method, url: WEBHOOKS_URL + path, query, headers, raw, receivedAt: new Date().toISOString() };
  return { ...said, ...(eventType && { eventType }) };
}

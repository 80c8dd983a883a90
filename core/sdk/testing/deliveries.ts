import type { Incoming, Webhook, WebhookKeys } from '../index.ts';
import type { Rig } from './rig.ts';
import { type Delivery, incoming } from './simulate.ts';

const PATIENCE_MS = 5_000;

/** Simulators may send a moment after the command: looks again until one is there. */
export async function firstDelivery(rig: Pick<Rig, 'deliveries'>, patienceMs = PATIENCE_MS): Promise<Delivery | undefined> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const [first] = rig.deliveries;
    if (first || Date.now() > deadline) return first;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** The delivery as the hub would hand it to `verify`. */
export function toIncoming({ path, headers, raw }: Delivery): Incoming {
  return incoming(path, { method: 'POST', headers, raw });
}

/** The same bytes with one changed here or there, cut off, prolonged, and gone. */
export function tampered(raw: Uint8Array): Uint8Array[] {
  const step = Math.max(1, Math.floor(raw.length / 40));
  const flipped = Array.from({ length: Math.ceil(raw.length / step) }, (_, i) => {
    const copy = Uint8Array.from(raw);
    copy[i * step] = (copy[i * step] ?? 0) ^ 1;
    return copy;
  });
  return [...flipped, raw.slice(0, -1), Buffer.concat([raw, Buffer.from(' ')]), new Uint8Array()];
}

/**
 * The call at another address, its host, path and query changed; undefined where `verify` does not look at the address, which
 * few providers sign.
 */
export function atAnotherAddress(webhook: Webhook<never>, call: Incoming, keys: WebhookKeys): Incoming | undefined {
  let isRead = false;
  const watched = {
    ...call,
    get url() {
      isRead = true;
      return call.url;
    },
  };
  webhook.verify(watched, keys);
  if (!isRead) return undefined;
  const url = new URL(`${call.url}${call.url.includes('?') ? '&' : '?'}forged=1`);
  url.host = 'forged.example';
  url.pathname += '/forged';
  return { ...call, url: url.href };
}

/** Every header there, none of them signed. */
export function forgedHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  return every(headers, 'Zm9yZ2Vk');
}

export function every(values: Readonly<Record<string, string>>, value: string): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, value]));
}

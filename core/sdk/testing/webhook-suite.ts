import { expect, it } from '@jest/globals';
import { hubError, type Incoming, type Webhook } from '../index.ts';
import type { Delivery, Rig } from './rig.ts';

/** A button of the simulator's panel after which it sends a webhook. */
export interface WebhookTrigger {
  readonly command: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

const PATIENCE_MS = 5_000;

/** Only the provider gets in, with exactly the bytes it sent. */
export function webhookSuite(open: () => Rig, trigger: WebhookTrigger): void {
  it('accepts what its simulator signed, and names account and message', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    expect(webhook.verify(call, rig.keys)).toBe(true);
    const events = webhook.events(call);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events)
      expect(event).toMatchObject({ id: expect.stringMatching(/\S/), type: expect.stringMatching(/\S/) });
    expect(webhook.events(call).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    if (webhook.scope === 'app') expect(events[0]?.account).toBe((await rig.connect()).account.externalId);
  });

  it('refuses the call with any byte changed, cut off or added', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    for (const raw of tampered(call.raw)) expect(webhook.verify({ ...call, raw }, rig.keys)).toBe(false);
  });

  it('refuses the call without its headers, and with any of them forged', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    expect(webhook.verify({ ...call, headers: {} }, rig.keys)).toBe(false);
    const forged = Object.fromEntries(Object.keys(call.headers).map((name) => [name, 'Zm9yZ2Vk']));
    expect(webhook.verify({ ...call, headers: forged }, rig.keys)).toBe(false);
  });

  it('refuses everything while no key is set, or another one', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    const { app, integration } = rig.keys;
    expect(webhook.verify(call, { app: {}, integration: {} })).toBe(false);
    expect(webhook.verify(call, { app: every(app, ''), integration: every(integration, '') })).toBe(false);
    expect(webhook.verify(call, { app: every(app, 'other'), integration: every(integration, 'other') })).toBe(false);
  });

  it.each(['', 'garbage', '[]', 'null', '{}', '{"type":5}'])('does not trip over the body %j', async (body) => {
    const { webhook, call } = await genuine(open, trigger);
    try {
      expect(webhook.events({ ...call, raw: Buffer.from(body) })).toEqual(expect.any(Array));
    } catch (error) {
      expect(hubError(error)?.consequence ?? error).toBe('rejected');
    }
  });

  it('handles a message twice without harm, and changes only its own streams', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    const { ctx } = await rig.connect();
    const streams = Object.keys(rig.handlers.streams ?? {});
    for (const event of webhook.events(call)) {
      const effects = (await webhook.onEvent?.(ctx, event)) ?? [];
      expect(JSON.parse(JSON.stringify(effects))).toEqual(effects);
      for (const effect of effects) if ('stream' in effect) expect(streams).toContain(effect.stream);
      expect((await webhook.onEvent?.(ctx, event)) ?? []).toEqual(effects);
    }
  });
}

async function genuine(open: () => Rig, { command, input = {} }: WebhookTrigger) {
  const rig = open();
  const webhook = rig.handlers.webhook as Webhook<never>;
  await rig.connect();
  const button = rig.instance.commands[command];
  if (!button)
    throw new Error(`The simulator has no command "${command}"; it has ${Object.keys(rig.instance.commands).join(', ')}.`);
  await button.run(input);
  return { rig, webhook, call: toIncoming(await firstDelivery(rig)) };
}

/** Simulators may send a moment after the command: looks again until one is there. */
async function firstDelivery(rig: Rig): Promise<Delivery> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const [first] = rig.deliveries;
    if (first) return first;
    if (Date.now() > deadline) throw new Error('The simulator sent no webhook after the command.');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function toIncoming({ path, headers, raw }: Delivery): Incoming {
  const url = new URL(path, 'http://hub');
  const [eventType] = url.pathname.split('/').filter((part) => part !== '');
  const query = Object.fromEntries(url.searchParams);
  return { method: 'POST', ...(eventType && { eventType }), query, headers, raw, receivedAt: new Date().toISOString() };
}

function tampered(raw: Uint8Array): Uint8Array[] {
  const step = Math.max(1, Math.floor(raw.length / 40));
  const flipped = Array.from({ length: Math.ceil(raw.length / step) }, (_, i) => {
    const copy = Uint8Array.from(raw);
    copy[i * step] = (copy[i * step] ?? 0) ^ 1;
    return copy;
  });
  return [...flipped, raw.slice(0, -1), Buffer.concat([raw, Buffer.from(' ')]), new Uint8Array()];
}

function every(values: Readonly<Record<string, string>>, value: string): Record<string, string> {
  return Object.fromEntries(Object.keys(values).map((name) => [name, value]));
}

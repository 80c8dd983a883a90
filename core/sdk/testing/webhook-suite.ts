import { expect, it } from '@jest/globals';
import { hubError, type Webhook } from '../index.ts';
import { atAnotherAddress, every, firstDelivery, forgedHeaders, tampered, toIncoming } from './deliveries.ts';
import type { Delivery, Open, Rig } from './rig.ts';
import { OUTAGES, outcomeOf } from './trouble.ts';

/** A button of the simulator's panel after which it sends a webhook. */
export interface WebhookTrigger {
  readonly command: string;
  readonly input?: Readonly<Record<string, unknown>>;
}

const WEEK_MS = 7 * 86_400_000;

/** Only the provider gets in, with exactly the bytes it sent. */
export function webhookSuite(open: Open, trigger: WebhookTrigger): void {
  it('accepts what its simulator signed, and names account and message', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    expect(webhook.verify(call, rig.keys)).toBe(true);
    const events = webhook.events(call);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events)
      expect(event).toMatchObject({ id: expect.stringMatching(/\S/), type: expect.stringMatching(/\S/) });
    expect(webhook.events(call).map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    if (webhook.scope === 'app') expect(await accountsOf(rig)).toContain(events[0]?.account);
  });

  it('refuses the call with any byte changed, cut off or added', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    for (const raw of tampered(call.raw)) expect(webhook.verify({ ...call, raw }, rig.keys)).toBe(false);
  });

  it('refuses the call without its headers, and with any of them forged', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    expect(webhook.verify({ ...call, headers: {} }, rig.keys)).toBe(false);
    expect(webhook.verify({ ...call, headers: forgedHeaders(call.headers) }, rig.keys)).toBe(false);
  });

  it('refuses the call at another address, where it looks at the address', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    const moved = atAnotherAddress(webhook, call, rig.keys);
    if (moved) expect(webhook.verify(moved, rig.keys)).toBe(false);
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

  repeatSuite(open, trigger);
  if (open.steady().handlers.webhook?.subscribe) subscriptionSuite(open);
}

function repeatSuite(open: Open, trigger: WebhookTrigger): void {
  it('recognises a replay, however late: the same call names the same messages', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    const late = { ...call, receivedAt: new Date(Date.parse(call.receivedAt) + WEEK_MS).toISOString() };
    if (webhook.verify(late, rig.keys))
      expect(webhook.events(late).map(({ id }) => id)).toEqual(webhook.events(call).map(({ id }) => id));
  });

  it('does not take one call for another: other messages, other ids', async () => {
    const { rig, webhook, call } = await genuine(open, trigger);
    const before = rig.deliveries.length;
    await rig.instance.commands[trigger.command]?.run(trigger.input ?? {});
    const again = await nextDelivery(rig, before);
    const ids = (req: typeof call) => webhook.events(req).map(({ id }) => id);
    if (again && !Buffer.from(again.raw).equals(call.raw)) expect(ids(toIncoming(again))).not.toEqual(ids(call));
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

/** What the hub keeps of a subscription, and what it does when the connection ends. */
function subscriptionSuite(open: Open): void {
  it('gives back what a subscription is named by, its secrets and accounts as texts', async () => {
    const rig = open();
    const made = await rig.subscribed();
    if (!made) return;
    expect(made).toMatchObject({ id: expect.stringMatching(/\S/) });
    for (const text of [...Object.values(made.secrets ?? {}), ...(made.accounts ?? [])])
      expect(text).toEqual(expect.stringMatching(/\S/));
    // Who a call to the app's one address belongs to is known only after it was verified.
    if (rig.handlers.webhook?.scope === 'app') expect(made.secrets ?? {}).toEqual({});
  });

  it('ends its subscription, also one that the provider has ended already', async () => {
    const rig = open();
    const { ctx } = await rig.connect();
    const made = await rig.subscribed();
    if (!made) return;
    const end = () => outcomeOf(Promise.resolve(rig.handlers.webhook?.unsubscribe?.(ctx, made.id, [])));
    expect(await end()).toHaveProperty('value');
    const again = await end();
    expect('consequence' in again ? again.consequence : 'not-found').toBe('not-found');
  });

  it.each(OUTAGES)('asks to try later when it subscribes and the provider %s', async (_, answer) => {
    const rig = open();
    const { ctx } = await rig.connect({ answer });
    const outcome = await outcomeOf(Promise.resolve(rig.handlers.webhook?.subscribe?.(ctx, ctx.webhookUrl ?? '')));
    // Where nothing has to be asked, nothing can fail.
    expect('consequence' in outcome ? outcome.consequence : 'try-later').toBe('try-later');
  });
}

async function accountsOf(rig: Rig): Promise<readonly string[]> {
  return [(await rig.connect()).account.externalId, ...((await rig.subscribed())?.accounts ?? [])];
}

async function genuine(open: Open, { command, input = {} }: WebhookTrigger) {
  const rig = open();
  const webhook = rig.handlers.webhook as Webhook<never>;
  await rig.connect();
  await rig.subscribed();
  const button = rig.instance.commands[command];
  if (!button)
    throw new Error(`The simulator has no command "${command}"; it has ${Object.keys(rig.instance.commands).join(', ')}.`);
  await button.run(input);
  const sent = await firstDelivery(rig);
  if (!sent) throw new Error('The simulator sent no webhook after the command.');
  return { rig, webhook, call: toIncoming(sent) };
}

/** What came after the first `before` deliveries, if anything does soon. */
async function nextDelivery(rig: Rig, before: number): Promise<Delivery | undefined> {
  return firstDelivery({
    get deliveries() {
      return rig.deliveries.slice(before);
    },
  });
}

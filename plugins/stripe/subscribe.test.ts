import { describe, expect, it } from '@jest/globals';
import { DEMO_KEY } from './sandbox/demo.ts';
import { handlers, newRig } from './test-rig.ts';

const { verify } = handlers.webhook;

describe('the webhook of a connection', () => {
  const url = 'http://127.0.0.1:3000/webhooks/stripe/c/key';

  it('is made with our API version, for the events that are chosen and served, and its secret is kept', async () => {
    const rig = newRig();
    const ctx = rig.ctx({ config: { streams: ['refunds'], events: ['payments', 'refunds'] } });
    const made = await handlers.webhook.subscribe?.(ctx, url);
    const [endpoint] = rig.sim.world.list('blue-test', 'webhook_endpoints');
    expect(endpoint).toMatchObject({
      url,
      api_version: '2026-10-28.endive',
      enabled_events: ['refund.created', 'refund.updated', 'refund.failed', 'account.application.deauthorized'],
    });
    expect(made).toEqual({ id: endpoint?.id, secrets: { signingSecret: expect.stringMatching(/^whsec_/) } });
    await rig.press('refund');
    const [req] = rig.webhooks();
    expect(req && verify(req, { app: {}, integration: { secretKey: DEMO_KEY, ...made?.secrets } })).toBe(true);
    await handlers.webhook.unsubscribe?.(ctx, made?.id ?? '', []);
    await handlers.webhook.unsubscribe?.(ctx, made?.id ?? '', []);
    expect(rig.sim.world.list('blue-test', 'webhook_endpoints')).toEqual([]);
  });

  it('takes the place of one whose secret nobody knows any more', async () => {
    const rig = newRig();
    await handlers.webhook.subscribe?.(rig.ctx(), url);
    await handlers.webhook.subscribe?.(rig.ctx(), `${url}2`);
    await handlers.webhook.subscribe?.(rig.ctx(), url);
    expect(rig.sim.world.list('blue-test', 'webhook_endpoints').map((one) => one['url'])).toEqual([url, `${url}2`]);
  });

  it('is missed where it is to be made by hand and its secret was not given', async () => {
    const rig = newRig();
    const asked = async () => handlers.webhook.subscribe?.(rig.ctx({ config: { webhookMode: 'manual' } }), url);
    await expect(asked()).rejects.toThrow(/Paste the signing secret/);
    expect(rig.seen).toEqual([]);
  });

  it('is not made where it is set up by hand, or nothing is to be heard of', async () => {
    const rig = newRig();
    expect(
      await handlers.webhook.subscribe?.(rig.ctx({ config: { webhookMode: 'manual', webhookSecret: 'whsec_byhand' } }), url),
    ).toBeUndefined();
    expect(await handlers.webhook.subscribe?.(rig.ctx({ config: { streams: ['balanceTransactions'] } }), url)).toBeUndefined();
    expect(rig.seen).toEqual([]);
  });

  it('is signed with both secrets while one is rolled', async () => {
    const rig = newRig();
    const made = await handlers.webhook.subscribe?.(rig.ctx(), url);
    const { secret } = await rig.press('rollSecret');
    await rig.press('charge');
    const [req] = rig.webhooks();
    for (const signingSecret of [made?.secrets?.['signingSecret'], secret]) {
      expect(req && verify(req, { app: {}, integration: { secretKey: DEMO_KEY, signingSecret: String(signingSecret) } })).toBe(
        true,
      );
    }
  });

  it.each(['changed byte', 'signed long ago', 'another secret', 'no signature', 'v0 only', 'other mode'])(
    'refuses the one with %s that the simulator sends',
    async (how) => {
      const rig = newRig();
      const made = await handlers.webhook.subscribe?.(rig.ctx(), url);
      await rig.press('badWebhook', { how });
      const [req] = rig.webhooks();
      expect(req && verify(req, { app: {}, integration: { secretKey: DEMO_KEY, ...made?.secrets } })).toBe(false);
    },
  );

  it('tells by the test of the connection that Stripe has switched its endpoint off, and nothing of others', async () => {
    const rig = newRig();
    const ctx = rig.ctx();
    const partly = async () => (await handlers.test(ctx)).partly;
    expect(await partly()).toBeUndefined();
    const other = await handlers.webhook.subscribe?.(ctx, `${ctx.webhookUrl}2`);
    await rig.press('disableEndpoint');
    expect(await partly()).toBeUndefined();
    await handlers.webhook.unsubscribe?.(ctx, other?.id ?? '', []);
    await handlers.webhook.subscribe?.(ctx, ctx.webhookUrl ?? '');
    expect(await partly()).toBeUndefined();
    await rig.press('disableEndpoint');
    expect(await handlers.test(ctx)).toMatchObject({ partly: true, message: expect.stringMatching(/switched the webhook off/) });
  });
});

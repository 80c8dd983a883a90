import { describe, expect, it } from '@jest/globals';
import { hubError } from 'patchbay';
import { handlers, incoming, MEMBERS, newRig, PARTNERS, type Rig, URL_OF_HOOK, webhook } from './test-rig.ts';

const made = (rig: Rig) => rig.sim.world.all('webhooks');
const bodyOf = (rig: Rig) => JSON.parse(rig.seen.findLast(({ req }) => req.method === 'POST')?.req.body ?? '{}');

describe('subscribing', () => {
  it('does nothing before an audience is chosen, or where nothing is to be reported', async () => {
    const rig = newRig();
    const { audienceId: _, ...none } = rig.ctx().config;
    expect(await webhook.subscribe({ ...rig.ctx(), config: none }, URL_OF_HOOK)).toBeUndefined();
    expect(await webhook.subscribe(rig.ctx({ webhookEvents: [] }), URL_OF_HOOK)).toBeUndefined();
    expect(rig.seen).toEqual([]);
  });

  it('asks for the chosen events, and for nothing this hub wrote itself', async () => {
    const rig = newRig();
    await webhook.subscribe(rig.ctx({ webhookEvents: ['unsubscribe', 'cleaned'] }), URL_OF_HOOK);
    expect(bodyOf(rig)).toEqual({
      url: URL_OF_HOOK,
      events: { subscribe: false, unsubscribe: true, profile: false, upemail: false, cleaned: true, campaign: false },
      sources: { user: true, admin: true, api: false },
    });
  });

  it('keeps the secret that is shown only now, by which what is delivered verifies', async () => {
    const rig = newRig();
    const subscribed = await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    expect(subscribed).toEqual({
      id: `${MEMBERS}/${String(made(rig)[0]?.['id'])}`,
      secrets: { listId: MEMBERS, signingSecret: made(rig)[0]?.['signing_secret'] },
    });
    await rig.press('addMember');
    const [call] = await rig.hooks();
    const keys = { app: {}, integration: { ...subscribed?.secrets } };
    expect(call && webhook.verify(call, keys)).toBe(true);
    expect(call && webhook.verify({ ...call, raw: Buffer.concat([call.raw, Buffer.from('&x=1')]) }, keys)).toBe(false);
  });

  it('remembers that a webhook is not signed where the provider gave no secret', async () => {
    const rig = newRig();
    await rig.press('toggleSigning');
    const subscribed = await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    expect(subscribed?.secrets).toEqual({ listId: MEMBERS, signing: 'unsigned' });
    await rig.press('addMember');
    const [call] = await rig.hooks();
    expect(call?.headers['x-mailchimp-signature']).toBeUndefined();
    expect(call && webhook.verify(call, { app: {}, integration: { ...subscribed?.secrets } })).toBe(true);
  });

  it('replaces a webhook left over at its own address, and leaves those of others', async () => {
    const rig = newRig();
    await webhook.subscribe(rig.ctx(), 'http://127.0.0.1:3000/webhooks/mailchimp/c/another');
    await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    const [other, first] = made(rig).map(({ id }) => id);
    await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    const ids = made(rig).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    expect(ids).toContain(other);
    expect(ids).not.toContain(first);
  });

  it('hears of nothing it wrote itself, and of what others did', async () => {
    const rig = newRig();
    await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    await handlers.actions['saveMember']?.run(rig.ctx(), { email: 'own@mail.example', consent: 'opted-in' }, { id: 'x' });
    expect(await rig.hooks()).toEqual([]);
    await rig.press('changeMember', { email: 'own@mail.example' });
    expect(await rig.hooks()).toHaveLength(1);
  });

  it('says in words when the provider cannot reach this address', async () => {
    const rig = newRig();
    rig.sim.hooks.validate = async () => 0;
    const refused = await webhook.subscribe(rig.ctx(), URL_OF_HOOK).catch(hubError);
    expect(refused).toMatchObject({
      consequence: 'rejected',
      message: expect.stringMatching(/cannot reach this hub.*PUBLIC_URL/),
    });
    expect(made(rig)).toEqual([]);
  });

  it('does not take an answer without an id for a webhook', async () => {
    const rig = newRig();
    rig.intercept = ({ method }) => (method === 'POST' ? { status: 200, body: {} } : undefined);
    const error = await webhook.subscribe(rig.ctx(), URL_OF_HOOK).catch(hubError);
    expect(error).toMatchObject({ consequence: 'try-later' });
  });
});

describe('unsubscribing', () => {
  it('removes the webhook where it was made, whatever audience is chosen now', async () => {
    const rig = newRig();
    const subscribed = await webhook.subscribe(rig.ctx(), URL_OF_HOOK);
    await webhook.unsubscribe(rig.ctx({ audienceId: PARTNERS }), subscribed?.id ?? '', []);
    expect(made(rig)).toEqual([]);
  });

  it('is content when it is gone already, and not when the provider is away', async () => {
    const rig = newRig();
    await webhook.unsubscribe(rig.ctx(), `${MEMBERS}/0000000000`, []);
    rig.intercept = () => ({ status: 503, body: '' });
    const error = await webhook.unsubscribe(rig.ctx(), `${MEMBERS}/0000000000`, []).catch(hubError);
    expect(error).toMatchObject({ consequence: 'try-later' });
  });

  it('follows the audience and the events of the settings', () => {
    expect(webhook.follows).toEqual(['audienceId', 'webhookEvents']);
    expect(webhook.challenge({ ...incoming(''), method: 'GET' }, { app: {}, integration: {} })).toEqual({ status: 200 });
  });
});

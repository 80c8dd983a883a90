import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { hubError, type Incoming } from 'patchbay';
import { memberHash } from './api.ts';
import { incoming, MEMBERS, PARTNERS, webhook } from './test-rig.ts';

const NOW = '2026-03-14T12:00:00.000Z';
const seconds = (iso: string) => Math.floor(Date.parse(iso) / 1000);
const keysOf = (secrets: Record<string, string>) => ({ app: {}, integration: { listId: MEMBERS, ...secrets } });
const keys = keysOf({ signingSecret: 'whsec' });
const unsigned = keysOf({ signing: 'unsigned' });
const body = (list = MEMBERS) =>
  new URLSearchParams({ type: 'profile', fired_at: '2026-03-14 11:59:58', 'data[id]': 'a1', 'data[list_id]': list }).toString();

/** `X-Mailchimp-Signature: t=<unix s>,v1=<hex of HMAC-SHA256 over "{t}." and the raw body>`. */
function sign(text: string, { secret = 'whsec', at = seconds(NOW) } = {}): string {
  return createHmac('sha256', secret).update(`${at}.${text}`).digest('hex');
}

function signed(text: string, header = `t=${seconds(NOW)},v1=${sign(text)}`): Incoming {
  return { ...incoming(text, { 'x-mailchimp-signature': header }), receivedAt: NOW };
}

describe('verifying a webhook', () => {
  const good = body();
  const v1 = sign(good);
  const t = seconds(NOW);

  it.each([
    ['no signature', undefined],
    ['an empty one', ''],
    ['none of its version', `t=${t}`],
    ['no time', `v1=${v1}`],
    ['two times', `t=${t},t=${t},v1=${v1}`],
    ['a time that is no number', `t=now,v1=${v1}`],
    ['another time than the signed one', `t=${t - 1},v1=${v1}`],
    ['another version', `t=${t},v0=${v1}`],
    ['half a signature', `t=${t},v1=${v1.slice(0, 32)}`],
    ['another secret', `t=${t},v1=${sign(good, { secret: 'other' })}`],
    ['the body signed without its time', `t=${t},v1=${createHmac('sha256', 'whsec').update(good).digest('hex')}`],
  ])('refuses %s', (_, header) => {
    const req = { ...incoming(good, header === undefined ? {} : { 'x-mailchimp-signature': header }), receivedAt: NOW };
    expect(webhook.verify(req, keys)).toBe(false);
  });

  it('takes what is signed as documented, also beside the signature of a retired secret', () => {
    expect(webhook.verify(signed(good), keys)).toBe(true);
    expect(webhook.verify(signed(good, `t=${t}, v1=${'0'.repeat(64)}, v1=${v1}`), keys)).toBe(true);
  });

  it('refuses what was signed more than 300 seconds before or after it came, whatever the clock says now', () => {
    const from = (age: number) => {
      const at = t - age;
      return webhook.verify(signed(good, `t=${at},v1=${sign(good, { at })}`), keys);
    };
    expect([from(300), from(301), from(-300), from(-301)]).toEqual([true, false, true, false]);
  });

  it('refuses the same fields in other bytes', () => {
    const reordered = good.split('&').reverse().join('&');
    expect(webhook.verify({ ...signed(good), raw: Buffer.from(reordered) }, keys)).toBe(false);
  });

  it('refuses a call about another audience than the one subscribed, signed or not', () => {
    const other = body(PARTNERS);
    expect(webhook.verify(signed(other), keys)).toBe(false);
    expect(webhook.verify(incoming(other), unsigned)).toBe(false);
  });

  it('refuses an unsigned call wherever there is a secret, and every call before there is a subscription', () => {
    expect(webhook.verify(incoming(good), keys)).toBe(false);
    expect(webhook.verify(incoming(good), { app: {}, integration: {} })).toBe(false);
    expect(webhook.verify(signed(good), { app: {}, integration: { apiKey: 'k' } })).toBe(false);
  });

  it('takes an unsigned call by its address alone where the provider gave no secret', () => {
    expect(webhook.verify(incoming(good), unsigned)).toBe(true);
    expect(webhook.verify(incoming('type=profile'), unsigned)).toBe(false);
  });

  it('answers the validator, which asks by GET, and nothing else', () => {
    expect(webhook.challenge({ ...incoming(''), method: 'GET' }, { app: {}, integration: {} })?.status).toBe(200);
    expect(webhook.challenge(incoming(good), keys)).toBeUndefined();
    expect(webhook.verify({ ...signed(good), method: 'GET' }, keys)).toBe(false);
  });
});

describe('reading events', () => {
  const read = (text: string) => webhook.events(incoming(text))[0];

  it.each(['', 'garbage', '{"type":"profile"}', 'type=profile', 'data[id]=1', 'type=profile&data=1', 'type[]=a&data[id]=1'])(
    'refuses a body the provider would never send: %s',
    (text) => {
      expect(() => read(text)).toThrow();
      try {
        read(text);
      } catch (error) {
        expect(hubError(error)?.consequence).toBe('rejected');
      }
    },
  );

  it('names the same message the same, and another moment or body otherwise', () => {
    const text = `${body()}&data[email]=Ada%40mail.example`;
    expect(read(text)?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(read(text)?.id).toBe(read(text)?.id);
    expect(read(text)?.id).not.toBe(read(text.replace('11%3A59%3A58', '11%3A59%3A59'))?.id);
    expect(read(text)?.id).not.toBe(read(text.replace('profile', 'cleaned'))?.id);
  });

  it('keeps events of one contact in order, by the address whatever its capitals', () => {
    const text = `${body()}&data[email]=Ada%40Mail.example`;
    const object = `member:${memberHash('ada@mail.example')}`;
    expect(read(text)).toMatchObject({ type: 'profile', object, at: '2026-03-14T11:59:58.000Z' });
    expect(read(`${body()}&data[new_email]=ADA%40mail.example&data[old_email]=x%40y.example`)?.object).toBe(object);
    expect(read('type=campaign&data[id]=c1&data[list_id]=l')?.object).toBe('campaign:c1');
    expect(read('type=campaign&fired_at=yesterday&data[id]=c1')).not.toHaveProperty('at');
  });
});

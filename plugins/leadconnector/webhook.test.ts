import { createSign, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Incoming } from 'patchbay';
import { incomingCall } from 'patchbay/testing';
import { appForm } from './forms.ts';
import { appKeys, handlers, newRig } from './test-rig.ts';

const { webhook } = handlers;
const pair = generateKeyPairSync('ed25519');
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const webhookPublicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
const legacyRsaKey = rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const keys = { app: { webhookPublicKey, legacyRsa: 'false', legacyRsaKey }, integration: {} };
const withRsa = { ...keys, app: { ...keys.app, legacyRsa: 'true' } };
const APP = '65f0c0ffee5a4db0c5000001';
const NOW = '2026-03-14T12:00:00.000Z';

function incoming(body: string | object, headers: Record<string, string>): Incoming {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return { ...incomingCall(raw, headers), receivedAt: NOW };
}

function signed(body: string | object): Incoming {
  const req = incoming(body, {});
  return { ...req, headers: { 'x-ghl-signature': sign(null, req.raw, pair.privateKey).toString('base64') } };
}

function oldSigned(body: string | object): Incoming {
  const req = incoming(body, {});
  const signature = createSign('RSA-SHA256').update(req.raw).sign(rsa.privateKey).toString('base64');
  return { ...req, headers: { 'x-wh-signature': signature } };
}

const contact = { type: 'ContactCreate', locationId: 'loc', id: 'c1', timestamp: NOW, webhookId: 'w1' };
const at = (time: string) => signed({ ...contact, timestamp: time });

describe('verifying a webhook', () => {
  const good = signed(contact);
  const signature = good.headers['x-ghl-signature'] ?? '';

  it.each([
    ['no signature', {}],
    ['an empty one', { 'x-ghl-signature': '' }],
    ['N/A', { 'x-ghl-signature': 'N/A' }],
    ['a short one', { 'x-ghl-signature': signature.slice(0, 40) }],
    ['one that is not base64', { 'x-ghl-signature': `${signature.slice(0, -3)}!*=` }],
    ['one with junk in it', { 'x-ghl-signature': `${signature.slice(0, 10)} ${signature.slice(10)}` }],
    ['the old header alone', { 'x-wh-signature': signature }],
  ])('refuses %s', (_, headers) => {
    expect(webhook.verify({ ...good, headers: headers as Record<string, string> }, keys)).toBe(false);
  });

  it('refuses one changed byte, of the body or of the signature', () => {
    const raw = Buffer.from(good.raw);
    raw.writeUInt8((raw[10] ?? 0) ^ 1, 10);
    expect(webhook.verify({ ...good, raw }, keys)).toBe(false);
    const bytes = Buffer.from(signature, 'base64');
    bytes.writeUInt8((bytes[5] ?? 0) ^ 1, 5);
    expect(webhook.verify({ ...good, headers: { 'x-ghl-signature': bytes.toString('base64') } }, keys)).toBe(false);
  });

  it('refuses the same JSON in other bytes', () => {
    expect(webhook.verify({ ...good, raw: Buffer.from(JSON.stringify(contact, null, 1)) }, keys)).toBe(false);
  });

  it('refuses everything while no key, or another one, is set', () => {
    expect(webhook.verify(good, { app: {}, integration: {} })).toBe(false);
    expect(webhook.verify(good, { app: { webhookPublicKey: '' }, integration: {} })).toBe(false);
    expect(
      webhook.verify(good, { app: { webhookPublicKey: appForm.properties.webhookPublicKey.default }, integration: {} }),
    ).toBe(false);
  });

  it('refuses the old signature while the switch is off, and takes it when it is on', () => {
    expect(webhook.verify(oldSigned(contact), keys)).toBe(false);
    expect(webhook.verify(oldSigned(contact), withRsa)).toBe(true);
    const tampered = { ...oldSigned(contact), raw: Buffer.from(JSON.stringify({ ...contact, id: 'c2' })) };
    expect(webhook.verify(tampered, withRsa)).toBe(false);
  });

  it('never falls back to the old signature when the new one is there', () => {
    const old = oldSigned(contact);
    for (const value of ['N/A', '', signature.slice(0, 20)]) {
      expect(webhook.verify({ ...old, headers: { ...old.headers, 'x-ghl-signature': value } }, withRsa)).toBe(false);
    }
  });

  it('refuses what was sent more than a day ago or more than five minutes ahead, by the time it came', () => {
    expect(webhook.verify(at('2026-03-13T11:59:59.000Z'), keys)).toBe(false);
    expect(webhook.verify(at('2026-03-14T12:05:01.000Z'), keys)).toBe(false);
    expect(webhook.verify(at('2026-03-14T10:40:00.000Z'), keys)).toBe(true);
    expect(webhook.verify(at('2026-03-14T12:04:59.000Z'), keys)).toBe(true);
  });

  it('takes a signed body without a timestamp', () => {
    expect(webhook.verify(signed({ type: 'ContactCreate', locationId: 'loc', id: 'c1' }), keys)).toBe(true);
  });

  it('refuses what another app was sent for the same location, which the provider signs with the same key', () => {
    const ours = { ...keys, app: { ...keys.app, clientId: `${APP}-l3x9k2ab` } };
    const gone = { type: 'UNINSTALL', locationId: 'loc', timestamp: NOW };
    for (const body of [
      { ...gone, appId: 'f00d' },
      { type: 'UNINSTALL', data: { ...gone, appId: 'f00d' } },
    ]) {
      expect(webhook.verify(signed(body), ours)).toBe(false);
    }
    expect(webhook.verify(signed({ ...gone, appId: APP }), ours)).toBe(true);
    expect(webhook.verify(signed(gone), ours)).toBe(true);
  });

  it('takes what the simulator signs, and refuses what it tampers with', async () => {
    const rig = newRig();
    await rig.press('addContact');
    await rig.press('tamperedWebhook');
    expect(rig.webhooks().map((req) => webhook.verify(req, appKeys))).toEqual([true, false]);
  });

  it('ships the official keys', () => {
    const { webhookPublicKey: official, legacyRsaKey: old, legacyRsa } = appForm.properties;
    expect(Buffer.from(official.default, 'base64')).toHaveLength(44);
    expect(Buffer.from(old.default, 'base64')).toHaveLength(550);
    expect(legacyRsa.default).toBe(false);
  });
});

describe('reading events', () => {
  const read = (body: string | object) => webhook.events(incoming(body, {}))[0];

  it.each(['', 'not json', '[]', '"text"', '{}', '{"type":3}'])('refuses a body the provider would never send: %s', (body) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ consequence: 'rejected' }));
  });

  it('reads the flat envelope', () => {
    expect(read(contact)).toEqual({
      id: 'w1',
      type: 'ContactCreate',
      account: 'loc',
      object: 'contact:c1',
      at: NOW,
      data: contact,
    });
  });

  it('reads fields wrapped in data the same', () => {
    const wrapped = { type: 'ContactUpdate', locationId: 'loc', webhookId: 'w2', timestamp: NOW, data: { id: 'c1' } };
    expect(read(wrapped)).toMatchObject({
      id: 'w2',
      account: 'loc',
      object: 'contact:c1',
      data: { id: 'c1', type: 'ContactUpdate' },
    });
  });

  it('makes an id of the bytes where none is given', () => {
    const first = read({ type: 'ContactCreate', locationId: 'loc', id: 'c1' });
    expect(first?.id).toMatch(/^[0-9a-f]{64}$/);
    expect(read({ type: 'ContactCreate', locationId: 'loc', id: 'c1' })?.id).toBe(first?.id);
    expect(read({ type: 'ContactCreate', locationId: 'loc', id: 'c2' })?.id).not.toBe(first?.id);
  });

  it('finds the location where it is called something else, and none for an agency', () => {
    expect(read({ type: 'OrderCreate', altId: 'loc', altType: 'location' })?.account).toBe('loc');
    expect(read({ type: 'OrderCreate', altId: 'x', altType: 'company' })?.account).toBeUndefined();
    expect(read({ type: 'UNINSTALL', companyId: 'agency' })?.account).toBeUndefined();
  });

  it('orders by object, and believes the type it is told', () => {
    const appointment = { type: 'AppointmentDelete', locationId: 'loc', appointment: { id: 'a1' } };
    expect(read(appointment)).toMatchObject({ type: 'AppointmentDelete', object: 'appointment:a1' });
    expect(read({ type: 'OpportunityStatusUpdate', id: 'o1' })?.object).toBe('opportunity:o1');
    expect(read({ type: 'InboundMessage', messageId: 'm1' })?.object).toBe('message:m1');
    expect(read({ type: 'UNINSTALL', locationId: 'loc' })?.object).toBe('app');
    expect(read({ type: 'TaskCreate', id: 't1' })?.object).toBeUndefined();
  });

  it('asks for a retry with the only status this provider repeats', () => {
    expect(webhook.retryStatus).toBe(429);
    expect(webhook.scope).toBe('app');
  });
});

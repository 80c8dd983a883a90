import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import type { Attack, Ground } from './ground.ts';
import { TARGET_SECRET } from './target-plugin.ts';

interface Forged {
  readonly path?: string;
  readonly body?: string | Buffer<ArrayBuffer>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly method?: string;
}

const BODY = JSON.stringify({ id: 'forged', type: 'changed', account: 'acc-1', object: 'forged', name: 'Mallory' });
const mac = (secret: string, body: string | Buffer = BODY) => createHmac('sha256', secret).update(body).digest('hex');
const target = (signature: string): Forged => ({ headers: { 'x-target-signature': signature } });

const kept = ({ hub }: Ground) => hub.rows<{ kept: number }>('select count(*)::int as kept from webhook_events');

/** Refused with this status, and not a row is written. */
const refused = (attempt: string, status: number, call: (ground: Ground) => Forged): Attack => [
  attempt,
  async (ground) => {
    const before = await kept(ground);
    const { path = '/webhooks/target', body = BODY, headers, method = 'POST' } = call(ground);
    const reply = await fetch(`${ground.hub.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(method !== 'GET' && { body }),
    });
    expect([reply.status, reply.headers.get('cache-control')]).toEqual([status, 'no-store']);
    expect(await kept(ground)).toEqual(before);
  },
];

const message = (minutes: number) =>
  JSON.stringify({
    ...{ type: 'ContactCreate', locationId: 'nobody', webhookId: `w${minutes}`, id: 'c1' },
    timestamp: new Date(Date.now() + minutes * 60_000).toISOString(),
  });

/** A message of LeadConnector, whose key pair is the operator's. */
const leadconnector = (body: string, headers: Record<string, string>): Forged => ({
  path: '/webhooks/leadconnector',
  body,
  headers,
});
const ed = ({ signer }: Ground, body: string) => sign(null, Buffer.from(body), signer).toString('base64');
const spki = ({ signer }: Ground) => signer.export({ format: 'pem', type: 'pkcs8' }).toString();

export const webhooks: readonly Attack[] = [
  refused('without a signature', 401, () => ({})),
  refused('with an empty signature', 401, () => target('')),
  refused('signed with another secret', 401, () => target(mac('whsec_other'))),
  refused('signed with the empty secret', 401, () => target(mac(''))),
  refused('signed with what a missing secret is called', 401, () => target(mac('undefined'))),
  refused('signed over other bytes', 401, () => target(mac(TARGET_SECRET, `${BODY} `))),
  refused('signed, and one byte changed', 401, () => ({
    ...target(mac(TARGET_SECRET)),
    body: BODY.replace('Mallory', 'Mallorz'),
  })),
  refused('signed, and written otherwise with the same meaning', 401, () => ({
    ...target(mac(TARGET_SECRET)),
    body: JSON.stringify(JSON.parse(BODY), null, 1),
  })),
  refused('signed, and more appended', 401, () => ({ ...target(mac(TARGET_SECRET)), body: `${BODY}\n{"id":"more"}` })),
  refused('with the beginning of the signature', 401, () => target(mac(TARGET_SECRET).slice(0, 8))),
  refused('with more than the signature', 401, () => target(`${mac(TARGET_SECRET)}00`)),
  refused('with the signature of a weaker hash', 401, () => target(createHmac('sha1', TARGET_SECRET).update(BODY).digest('hex'))),
  refused('with the hash of secret and body, which can be made longer', 401, () => target(mac('', `${TARGET_SECRET}${BODY}`))),
  refused('with a good and a bad signature', 401, () => target(`${mac(TARGET_SECRET)}, ${mac('x')}`)),
  refused('to a plugin whose secret was never set, signed with nothing', 401, () => ({
    ...target(mac('')),
    path: '/webhooks/rival',
  })),
  refused("to a plugin whose secret was never set, signed with another plugin's", 401, () => ({
    ...target(mac(TARGET_SECRET)),
    path: '/webhooks/rival',
  })),
  refused('to a plugin that is told nothing', 404, () => ({ ...target(mac(TARGET_SECRET)), path: '/webhooks/roam' })),
  refused('to a plugin nobody has', 404, () => ({ ...target(mac(TARGET_SECRET)), path: '/webhooks/__proto__' })),
  refused('to an address made up', 404, () => ({ path: `/webhooks/target/c/${'x'.repeat(43)}` })),
  refused('signed for one name of the address and none of the others', 401, () => ({ path: '/api/integrations/target/webhook' })),
  refused('by GET, with the event in the query', 401, () => ({
    method: 'GET',
    path: '/webhooks/target?id=forged&account=acc-1',
  })),
  refused('by another method', 405, () => ({ ...target(mac(TARGET_SECRET)), method: 'PUT' })),
  refused('signed with a key of the attacker', 401, () => {
    const body = message(0);
    const { privateKey } = generateKeyPairSync('ed25519');
    return leadconnector(body, { 'x-ghl-signature': sign(null, Buffer.from(body), privateKey).toString('base64') });
  }),
  refused('signed by a hash with the public key for its secret', 401, (ground) => {
    const body = message(0);
    const secret = spki(ground);
    return leadconnector(body, { 'x-ghl-signature': createHmac('sha256', secret).update(body).digest('base64') });
  }),
  refused('signed in the old way, which is switched off', 401, () => {
    const body = message(0);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    return leadconnector(body, { 'x-wh-signature': sign('RSA-SHA256', Buffer.from(body), privateKey).toString('base64') });
  }),
  refused('with a signature of the new kind in the header of the old', 401, (ground) => {
    const body = message(0);
    return leadconnector(body, { 'x-wh-signature': ed(ground, body) });
  }),
  refused('with a signature that another alphabet spells the same', 401, (ground) => {
    const body = message(0);
    return leadconnector(body, { 'x-ghl-signature': `${ed(ground, body)}\u00a0===` });
  }),
  refused('signed, and two days old', 401, (ground) => {
    const body = message(-2 * 24 * 60);
    return leadconnector(body, { 'x-ghl-signature': ed(ground, body) });
  }),
  refused('signed, and an hour before its time', 401, (ground) => {
    const body = message(60);
    return leadconnector(body, { 'x-ghl-signature': ed(ground, body) });
  }),
  refused('packed, to be a thousand times as large', 415, () => ({
    body: gzipSync(Buffer.alloc(20_000_000)),
    headers: { 'content-encoding': 'gzip' },
  })),
  refused('larger than any message', 413, () => ({ body: 'x'.repeat(1_100_000) })),
  refused('nested until something gives way', 400, () => ({ body: '{"a":'.repeat(100_000), ...target(mac(TARGET_SECRET)) })),
  refused('of bytes that are no text', 400, () => ({ body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]) })),
  refused('as a film', 415, () => ({ headers: { 'content-type': 'video/mp4' } })),
  [
    'played again, it is the same event',
    async ({ hub }) => {
      const body = JSON.stringify({ id: `again-${Date.now()}`, account: 'acc-1', object: 'again' });
      const send = () =>
        fetch(`${hub.url}/webhooks/target`, {
          method: 'POST',
          body,
          headers: { 'x-target-signature': mac(TARGET_SECRET, body) },
        });
      expect([(await send()).status, (await send()).status]).toEqual([200, 200]);
      const { id } = JSON.parse(body);
      expect(await hub.rows('select 1 from webhook_events where event_id = $1', [id])).toHaveLength(1);
    },
  ],
];

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import { type WebRoom, webRoom } from '../../../tests/support/web.ts';
import type { Way } from '../../inbox/answer.ts';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import type { Ack, Incoming } from '../../sdk/webhook.ts';
import { shownPath } from '../http/request-log.ts';

let web: WebRoom;
let received: { plugin: string; incoming: Incoming; key: string | undefined }[] = [];
let ack: () => Ack = () => ({ status: 200 });

const intake = {
  receive: async (plugin: string, incoming: Incoming, { key }: Way) => {
    received.push({ plugin, incoming, key });
    return ack();
  },
};

beforeAll(async () => {
  web = await webRoom({ services: { intake } as never, limits: { webhooks: 20 } });
});

afterAll(() => web.close());

beforeEach(() => {
  received = [];
  ack = () => ({ status: 200 });
});

describe('webhooks', () => {
  const bytes = '{ "odd":"spacing",\r\n"ü":1 }';

  it.each([
    ['/webhooks/acme', {}, undefined],
    ['/webhooks/acme/contact.create', { eventType: 'contact.create' }, undefined],
    ['/webhooks/acme/c/some-key', {}, 'some-key'],
    ['/api/integrations/acme/webhook', {}, undefined],
  ])('arrive byte for byte at %s', async (path, more, key) => {
    const answer = await request(web.app)
      .post(`${path}?a=1`)
      .set('content-type', 'application/json')
      .set('x-sig', 's')
      .send(bytes);
    expect(answer.status).toBe(200);
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(received).toHaveLength(1);
    const [call] = received;
    expect(call).toMatchObject({
      plugin: 'acme',
      key,
      incoming: {
        method: 'POST',
        url: `${web.config.publicUrl}${path}?a=1`,
        query: { a: '1' },
        headers: { 'x-sig': 's' },
        ...more,
      },
    });
    expect(Buffer.from(call?.incoming.raw ?? []).toString()).toBe(bytes);
    if (!('eventType' in more)) expect(call?.incoming).not.toHaveProperty('eventType');
    expect(new Date(call?.incoming.receivedAt ?? '').getTime()).toBeGreaterThan(Date.now() - 60_000);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'arrive raw as %s',
    async (type) => {
      await request(web.app).post('/webhooks/acme').set('content-type', type).send('a=b&c').expect(200);
      expect(Buffer.from(received[0]?.incoming.raw ?? []).toString()).toBe('a=b&c');
    },
  );

  it('arrive empty where there is no body', async () => {
    await request(web.app).get('/webhooks/acme?challenge=1').expect(200);
    await request(web.app).post('/webhooks/acme').expect(200);
    expect(received.map(({ incoming }) => [incoming.method, incoming.raw.length])).toEqual([
      ['GET', 0],
      ['POST', 0],
    ]);
  });

  it.each(['/webhooks/acme', '/webhooks/acme/c/some-key', '/webhooks/acme/leadgen'])(
    'hand on a challenge by GET at %s, its query as it came',
    async (path) => {
      ack = () => ({ status: 200, body: received[0]?.incoming.query['hub.challenge'] ?? '' });
      const answer = await request(web.app).get(`${path}?hub.mode=subscribe&hub.challenge=11%2058&hub.verify_token=a%26b&x[y]=z`);
      expect([answer.status, answer.text]).toEqual([200, '11 58']);
      const query = { 'hub.mode': 'subscribe', 'hub.challenge': '11 58', 'hub.verify_token': 'a&b', 'x[y]': 'z' };
      expect(received[0]?.incoming).toMatchObject({ method: 'GET', query });
    },
  );

  it.each(['application/xml', 'text/plain; charset=utf-16', 'application/octet-stream'])(
    'are not touched for being called %s',
    async (type) => {
      const odd = Buffer.from([0x3c, 0xff, 0x00, 0x26]);
      await request(web.app).post('/webhooks/acme').set('content-type', type).send(odd).expect(200);
      expect(Buffer.from(received[0]?.incoming.raw ?? [])).toEqual(odd);
    },
  );

  it("are answered in the plugin's own words", async () => {
    ack = () => ({ status: 202, headers: { 'content-type': 'text/plain', 'x-seen': 'yes' }, body: 'challenge-42' });
    const answer = await request(web.app).get('/webhooks/acme');
    expect(answer.status).toBe(202);
    expect(answer.headers).toMatchObject({ 'x-seen': 'yes' });
    expect(answer.text).toBe('challenge-42');
  });

  it('are answered without a body where the plugin gives none', async () => {
    expect((await request(web.app).post('/webhooks/acme').send('{}')).text).toBe('');
  });

  it('are refused as problems: too large, of nobody, forged, by a wrong method', async () => {
    const large = await request(web.app)
      .post('/webhooks/acme')
      .set('content-type', 'application/json')
      .send('x'.repeat(1_100_000));
    expect([large.status, large.type]).toEqual([413, 'application/problem+json']);
    expect(received).toHaveLength(0);
    ack = () => {
      throw new NotFound('There is no such plugin.');
    };
    expect((await request(web.app).post('/webhooks/nobody').send('{}')).status).toBe(404);
    ack = () => {
      throw new Rejected('The signature does not match.', { code: 'WEBHOOK_SIGNATURE_INVALID' });
    };
    const forged = await request(web.app).post('/webhooks/acme').send('{}');
    expect([forged.status, forged.body.code]).toEqual([401, 'WEBHOOK_SIGNATURE_INVALID']);
    const wrong = await request(web.app).put('/webhooks/acme').send('{}');
    expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'GET, POST']);
  });

  it('are stopped where somebody guesses signatures, but never for what is accepted', async () => {
    for (let count = 0; count < 30; count += 1) await request(web.app).post('/webhooks/beta').send('{}').expect(200);
    ack = () => {
      throw new Rejected('The signature does not match.', { code: 'WEBHOOK_SIGNATURE_INVALID' });
    };
    const statuses = [];
    for (let count = 0; count < 22; count += 1) statuses.push((await request(web.app).post('/webhooks/beta').send('{}')).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
  });

  it('are stopped where somebody guesses keys, each another one, but never for a key that somebody has', async () => {
    const post = async (path: string) => (await request(web.app).post(path).send('{}')).status;
    const kept = (key: string | undefined) => {
      if (key !== 'right') throw new NotFound('There is no webhook at this address.');
    };
    ack = () => {
      kept(received.at(-1)?.key);
      return { status: 200 };
    };
    expect(await post('/webhooks/gamma/c/right')).toBe(200);
    const statuses = [];
    for (let count = 0; count < 22; count += 1) statuses.push(await post(`/webhooks/gamma/c/guess-${count}`));
    expect(statuses).toEqual([...Array(20).fill(404), 429, 429]);
    expect(await post('/webhooks/gamma/c/right')).toBe(200);
    ack = () => ({ status: 200 });
    expect(await post('/webhooks/gamma')).toBe(200);
  });

  it.each([
    `/webhooks/${'x'.repeat(201)}`,
    `/webhooks/acme/c/${'x'.repeat(10_000)}`,
    `/api/integrations/${'x'.repeat(201)}/webhook`,
  ])('are not asked for, nor counted, at an address too long to be one', async (path) => {
    for (let count = 0; count < 25; count += 1) await request(web.app).post(path).send('{}').expect(404);
    expect(received).toEqual([]);
  });

  it('leave no key and no query in the log', async () => {
    await request(web.app).post('/webhooks/acme/c/very-secret-key?code=very-secret-code').send('{}');
    await request(web.app).post('/WebHooks/acme/C/very-secret-key').send('{}').expect(200);
    await request(web.app).post('//webhooks//acme/c/very-secret-key').send('{}').expect(404);
    const lines = JSON.stringify(web.logged());
    expect(lines).toContain('/webhooks/acme/c/…');
    expect(lines).not.toMatch(/very-secret/);
    expect(shownPath('http://hub.example/webhooks/acme/c/very-secret-key?a')).toBe('/webhooks/acme/c/…');
  });
});

import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { type TestEgress, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';

let db: TestDatabase;
let provider: FakeProvider;
let t: TestEgress;

beforeAll(async () => {
  db = await testDatabase();
  provider = await startFakeProvider();
});
beforeEach(() => {
  t = testEgress(db, { 'api.example.com': provider.url, 'eu.regions.example.com': `${provider.url}/eu/` });
  provider.answer((_call, res) => json(res, 200, { ok: true }));
});
afterAll(async () => {
  await provider.close();
  await db.close();
});

describe('send', () => {
  const raw = {
    plugin: 'acme',
    method: 'POST',
    headers: { 'content-type': 'text/plain' },
    timeoutMs: 5_000,
    hosts: ['api.example.com'],
  };

  it('refuses an undeclared host', async () => {
    const error = await t.failure(t.egress.send({ ...raw, url: 'https://evil.example.net/token' }));
    expect(error.message).toContain('evil.example.net');
  });

  it('refuses a private address', async () => {
    const error = await t.failure(t.egress.send({ ...raw, url: 'https://localhost/token', hosts: ['localhost'] }));
    expect(error.consequence).toBe('rejected');
  });

  it('ends at its deadline and at the signal', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const s = testEgress(db, { 'api.example.com': `http://127.0.0.1:${(silent.address() as AddressInfo).port}` });
    const url = 'https://api.example.com/token';
    const late = await s.failure(s.egress.send({ ...raw, url, timeoutMs: 100, body: 'refresh_token=swordfish' }));
    expect(late.message).toBe('api.example.com did not answer within 0.1 s.');
    const stopped = await s.failure(s.egress.send({ ...raw, url, signal: AbortSignal.abort() }));
    expect(stopped.message).toContain('stopped');
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('gives any answer as it came, without repeating the call', async () => {
    provider.answer((_call, res) => json(res, 503, { error: 'busy' }));
    const reply = await t.egress.send({ ...raw, url: 'https://api.example.com/oauth/token', body: 'a=b' });
    expect(reply).toMatchObject({ status: 503, text: '{"error":"busy"}' });
    expect(provider.calls).toMatchObject([{ method: 'POST', url: '/oauth/token', body: 'a=b' }]);
  });
});

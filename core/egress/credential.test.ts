import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { bearerAccess, type TestEgress, TOKEN, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';
import { Rejected } from '../sdk/errors.ts';

let db: TestDatabase;
let provider: FakeProvider;
let other: FakeProvider;
let t: TestEgress;

beforeAll(async () => {
  db = await testDatabase();
  [provider, other] = [await startFakeProvider(), await startFakeProvider()];
});
beforeEach(() => {
  t = testEgress(db, { 'api.example.com': provider.url, 'files.example.com': other.url });
  other.answer((_call, res) => json(res, 200, { from: 'other' }));
});
afterAll(async () => {
  await Promise.all([provider.close(), other.close()]);
  await db.close();
});

describe('an expired credential', () => {
  const renewing = () => {
    const asked: string[] = [];
    const access = bearerAccess(async (refused) => {
      const attempt = refused === undefined ? 'first' : 'renewed';
      asked.push(attempt);
      return `${TOKEN}-${attempt}`;
    });
    return { asked, access };
  };

  it('is renewed once and the call repeated, also a POST', async () => {
    const { asked, access } = renewing();
    provider.answer((call, res) => json(res, call.headers.authorization?.endsWith('renewed') ? 200 : 401, {}));
    await t.http({ access }).post('/x', { json: {} });
    expect(asked).toEqual(['first', 'renewed']);
  });

  it('that renewal does not mend needs a person', async () => {
    const { asked, access } = renewing();
    provider.answer((call, res) => json(res, 401, { message: `Invalid JWT ${call.headers.authorization}` }));
    const error = await t.failure(t.http({ access }).get('/x'));
    expect(error).toMatchObject({ consequence: 'reconnect-needed', code: 'RECONNECT_NEEDED' });
    expect(error.message).toContain('acme answered 401 to GET /x: Invalid JWT [redacted]. The credential is no longer accepted');
    expect(asked).toEqual(['first', 'renewed']);
    expect(provider.calls).toHaveLength(2);
  });

  it('is not sent a second time when renewal brings the same one', async () => {
    provider.answer((_call, res) => json(res, 401, {}));
    expect((await t.failure(t.http().get('/x'))).code).toBe('RECONNECT_NEEDED');
    expect(provider.calls).toHaveLength(1);
  });

  it("is also what the plugin's explain calls expired; its errors are thrown as they are", async () => {
    const { asked, access } = renewing();
    provider.answer((call, res) => json(res, call.headers.authorization?.endsWith('renewed') ? 200 : 400, { code: 190 }));
    const explain = ({ data }: { data: unknown }) => ((data as { code: number }).code === 190 ? ('expired' as const) : undefined);
    await t.http({ access, explain }).get('/x');
    expect(asked).toEqual(['first', 'renewed']);
    provider.answer((_call, res) => json(res, 503, {}));
    const own = new Rejected('No such shop');
    expect(await t.failure(t.http({ explain: () => own }).get('/x'))).toBe(own);
    expect(provider.calls).toHaveLength(1);
  });

  it('blames the plugin whose explain breaks', async () => {
    provider.answer((_call, res) => json(res, 400, {}));
    const explain = () => (undefined as unknown as { a: { b: undefined } }).a.b;
    expect((await t.failure(t.http({ explain }).get('/x'))).consequence).toBe('plugin-fault');
  });
});

describe('redirects', () => {
  const to = (location: string) => provider.answer((_call, res) => res.writeHead(302, { location }).end());

  it('are not followed to an undeclared host', async () => {
    to('https://evil.example.net/');
    const error = await t.failure(t.http().get('/x'));
    expect(error.consequence).toBe('plugin-fault');
    expect(error.message).toContain('evil.example.net');
  });

  it('are not followed into plain http', async () => {
    to('http://eu.regions.example.com/');
    expect((await t.failure(t.http().get('/x'))).consequence).toBe('plugin-fault');
  });

  it('leave the credential behind when they change the host', async () => {
    to('https://files.example.com/file?id=1');
    const { data } = await t.http().get('/x', { headers: { 'x-api-key': TOKEN }, json: { secret: TOKEN } });
    expect(data).toEqual({ from: 'other' });
    expect(JSON.stringify(other.calls)).not.toContain('swordfish');
    expect(other.calls[0]).toMatchObject({ url: '/file?id=1', body: '' });
  });

  it('do not make a refusal elsewhere look like an expired credential', async () => {
    to('https://files.example.com/file');
    other.answer((_call, res) => json(res, 401, {}));
    expect((await t.failure(t.http().get('/x'))).consequence).toBe('rejected');
  });

  it('are followed three times at most, and only for GET', async () => {
    to('/v1/again');
    expect((await t.failure(t.http().get('/x'))).message).toContain('answered 302');
    expect(provider.calls).toHaveLength(4);
    await t.failure(t.http().post('/x', { json: {} }));
    expect(provider.calls).toHaveLength(5);
  });
});

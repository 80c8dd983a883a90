import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { bearerAccess, type TestEgress, TOKEN, testEgress } from '../../tests/support/egress.ts';
import { type FakeProvider, json, startFakeProvider } from '../../tests/support/fake-provider.ts';
import { Rejected } from '../sdk/errors.ts';
import type { Access } from './client.ts';

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
  provider.answer((_call, res) => json(res, 200, {}));
  other.answer((_call, res) => json(res, 200, {}));
});
afterAll(async () => {
  await Promise.all([provider.close(), other.close()]);
  await db.close();
});

/** A key in the query, with a proof made for each address. */
const inQuery = (key: () => string = () => TOKEN): Access => ({
  secrets: async () => ({ key: key() }),
  authorize: async ({ host, path, secrets }) => ({
    headers: { 'x-proof': `swordfish of ${host}${path}` },
    query: { key: secrets['key'] ?? '' },
  }),
});
const asked = (from: FakeProvider, at = 0) => new URL(from.calls[at]?.url ?? '', 'https://x.test');

describe('what a call shows', () => {
  it('goes into headers and query, made for the host and path it goes to', async () => {
    const http = t.http({ access: inQuery() });
    await http.get('/a b', { query: { q: 'x y' } });
    await http.get('https://files.example.com/f');
    expect(provider.calls[0]).toMatchObject({
      url: `/v1/a%20b?q=x%20y&key=${encodeURIComponent(TOKEN)}`,
      headers: { 'x-proof': 'swordfish of api.example.com/v1/a%20b' },
    });
    expect(other.calls[0]?.headers['x-proof']).toBe('swordfish of files.example.com/f');
  });

  it('takes the place of what an address already carries by that name', async () => {
    const old = `https://api.example.com/v1/next?after=1&key=${encodeURIComponent('old one')}&key=older`;
    await t.http({ access: inQuery() }).get(old);
    expect([...asked(provider).searchParams]).toEqual([
      ['after', '1'],
      ['key', TOKEN],
    ]);
  });

  it('is nowhere in what is said or logged, however the provider repeats it', async () => {
    provider.answer((call, res) => json(res, 422, { message: `No: ${call.url} ${call.headers['x-proof']} ${TOKEN}` }));
    const hidden: string[] = [];
    const error = await t.failure(t.http({ access: inQuery(), hide: (values) => hidden.push(...values) }).get('/x'));
    expect(error.message).toContain('acme answered 422 to GET /x: No: ');
    expect(hidden).toEqual([expect.stringContaining('swordfish of'), TOKEN]);
  });

  it('is made anew for the secrets that a renewal brought, and those that were refused are named', async () => {
    const refused: unknown[] = [];
    const access: Access = {
      ...inQuery(),
      secrets: async (wanted) => {
        refused.push(wanted.refused);
        return { key: wanted.refused ? `${TOKEN}-2` : `${TOKEN}-1` };
      },
    };
    provider.answer((call, res) => json(res, call.url?.endsWith('-2') ? 200 : 401, {}));
    await t.http({ access }).post('/x');
    expect(refused).toEqual([undefined, { key: `${TOKEN}-1` }]);
  });

  it('may be refused before anything is sent', async () => {
    const wrong = new Rejected('The key ends in -us1.', { fields: [{ pointer: '/fields/key', message: 'Copy it whole.' }] });
    const access = { ...inQuery(), authorize: () => Promise.reject(wrong) };
    expect(await t.failure(t.http({ access }).get('/x'))).toBe(wrong);
    expect(provider.calls).toHaveLength(0);
  });
});

describe('redirects', () => {
  const to = (location: string) =>
    provider.answer((_call, res, number) => (number === 1 ? res.writeHead(302, { location }).end() : json(res, 200, {})));

  it('within the host are authorized for where they lead', async () => {
    to(`/v1/there?key=stale&page=2`);
    await t.http({ access: inQuery() }).get('/x');
    expect(asked(provider, 1).search).toBe(`?page=2&key=${encodeURIComponent(TOKEN)}`);
    expect(provider.calls[1]?.headers['x-proof']).toBe('swordfish of api.example.com/v1/there');
  });

  it('to another host carry nothing on, not even what the provider put into the address', async () => {
    to(`https://files.example.com/there?key=${encodeURIComponent(TOKEN)}&page=2`);
    await t.http({ access: inQuery() }).get('/x');
    expect(asked(other).search).toBe('?page=2');
    expect(JSON.stringify(other.calls)).not.toContain('swordfish');
  });
});

describe('a token of the call itself', () => {
  const PAGE = 'page-swordfish-0123456789';
  const access = bearerAccess(async () => TOKEN);

  it("takes the place of the connection's", async () => {
    await t.http({ access }).get('/x', { token: PAGE });
    expect(provider.calls[0]?.headers.authorization).toBe(`Bearer ${PAGE}`);
  });

  it("renews nothing when it is refused: the connection's own was not tried", async () => {
    const wanted: unknown[] = [];
    const watched: Access = {
      ...access,
      secrets: (asking) => {
        wanted.push(asking);
        return access.secrets(asking);
      },
    };
    provider.answer((call, res) => json(res, 401, { message: `Not ${call.headers.authorization}` }));
    const error = await t.failure(t.http({ access: watched }).get('/x', { token: PAGE }));
    expect(error).toMatchObject({ consequence: 'rejected', code: 'INVALID_CREDENTIALS' });
    expect(wanted).toHaveLength(1);
    expect(provider.calls).toHaveLength(1);
  });

  it("is the plugin's to explain", async () => {
    provider.answer((_call, res) => json(res, 401, {}));
    const own = new Rejected('You no longer manage this page.');
    expect(await t.failure(t.http({ access, explain: () => own }).get('/x', { token: PAGE }))).toBe(own);
    const expired = t.http({ access, explain: () => 'expired' }).get('/x', { token: PAGE });
    expect((await t.failure(expired)).code).toBe('INVALID_CREDENTIALS');
  });
});

import { afterEach, describe, expect, it } from '@jest/globals';
import { type Handlers, hubError, type Plugin, Rejected, type SandboxRequest } from '../index.ts';
import { echoCredentials, echoPlugin, echoSandbox } from './__fixtures__/echo/echo.ts';
import { openRig, type Rig } from './index.ts';
import { wayFor } from './rig.ts';

const rigs: Rig[] = [];
afterEach(() => Promise.all(rigs.splice(0).map((rig) => rig.close())));

/** The echo plugin with these handlers besides; what it asked is in `seen`. */
function linkWith(more: Partial<Handlers>, status = 200) {
  const plugin = echoPlugin();
  const rig = openRig({ ...plugin, handlers: { ...plugin.handlers, ...more } } as Plugin, echoSandbox, {
    credentials: echoCredentials,
  });
  rigs.push(rig);
  const seen: SandboxRequest[] = [];
  const { http } = rig.link({
    answer: async (request) => {
      seen.push(request);
      return { status, body: {} };
    },
  });
  return { http, seen };
}

const failure = async (work: Promise<unknown>) =>
  hubError(
    await work.then(
      () => undefined,
      (error: unknown) => error,
    ),
  );

describe('a call of a plugin beside its simulator', () => {
  it('carries what authorize made for it from all fields of the keys and of the app', async () => {
    const { http, seen } = linkWith({
      authorize: ({ method, host, path, secrets, app }) => ({
        headers: { 'X-Who': [method, host, path, secrets['apiKey'], secrets['room'], app['webhookSecret']].join(' ') },
        query: { key: secrets['apiKey'] ?? '' },
      }),
    });
    await http.get('/room', { query: { key: 'stale', q: '1' } });
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
    expect(seen[0]?.headers['x-who']).toBe('manual api.echo.example /v1/room key-1234567890 hall demo-webhook-secret');
    expect(Object.fromEntries(seen[0]?.query ?? [])).toEqual({ key: 'key-1234567890', q: '1' });
  });

  it('shows its own token where it brings one, which nothing renews', async () => {
    const { http, seen } = linkWith({}, 401);
    expect(await failure(http.get('/room', { token: 'page-token' }))).toMatchObject({
      consequence: 'rejected',
      code: 'INVALID_CREDENTIALS',
    });
    expect(seen[0]?.headers['authorization']).toBe('Bearer page-token');
  });

  it('is not made where authorize rejects the key, and is the fault of the plugin where it breaks', async () => {
    const wrong = new Rejected('The key ends in -us1.');
    const refusing = linkWith({
      authorize: () => {
        throw wrong;
      },
    });
    expect(await failure(refusing.http.get('/room'))).toBe(wrong);
    const breaking = linkWith({
      authorize: () => {
        throw new Error('oh');
      },
    });
    expect(await failure(breaking.http.get('/room'))).toMatchObject({ consequence: 'plugin-fault' });
    expect([...refusing.seen, ...breaking.seen]).toEqual([]);
  });

  it('shows a pace that is no number of seconds', async () => {
    const { http } = linkWith({ pace: () => Number.NaN });
    await expect(http.get('/room')).rejects.toThrow('pace() must return a number of seconds');
  });
});

describe('a stream that not every way of connecting can read', () => {
  const [keys, oauth] = [{ credentials: {} }, { oauth: { accessToken: 'a', grant: {} } }];

  it('is worked by the first way that can', () => {
    expect(wayFor([keys, oauth], { methods: ['oauth'] })).toBe(oauth);
    expect(wayFor([keys, oauth], { methods: ['manual', 'oauth'] })).toBe(keys);
    expect(wayFor([keys, oauth], {})).toBe(keys);
    expect(wayFor([keys], { methods: ['oauth'] })).toBe(keys);
  });
});

import { expect } from '@jest/globals';
import { Agent, request } from 'undici';
import { Guard, type Lookup } from '../../../core/egress/guard.ts';
import { until } from '../wait.ts';
import type { Attack, Ground } from './ground.ts';

const ROAM = '/api/stores/default/integrations/roam/connect';

/** A connection whose server the person names; it is called before anything is kept. */
async function roams({ hub, victim, canary }: Ground, host: string): Promise<void> {
  const [, name, zone] = /^(.*)\.([^.]*)$/.exec(host) ?? [];
  const before = canary.hits();
  const answer = await victim.api('POST', ROAM, { method: 'manual', fields: { name, zone, key: 'swordfish-0123456789' } });
  expect([answer.status, answer.body.key]).toEqual([expect.any(Number), undefined]);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(canary.hits()).toBe(before);
  expect(await hub.rows(`select 1 from integrations where plugin_id = 'roam'`)).toEqual([]);
}

const named = (host: string): Attack => [
  `an account at ${host}`,
  (ground) => roams(ground, host.replace('PORT', String(ground.canary.port))),
];

/** What the guard says of a URL of the canary; `lookup` stands for a DNS of the attacker. */
async function guarded({ canary }: Ground, host: string, lookup?: Lookup): Promise<void> {
  const before = canary.hits();
  const dispatcher = new Agent({ connect: new Guard({ allowPrivate: [], ...(lookup && { lookup }) }).connector() });
  try {
    await expect(request(`http://${host}:${canary.port}/`, { dispatcher })).rejects.toThrow('EGRESS_ALLOW_PRIVATE');
  } finally {
    await dispatcher.destroy();
  }
  expect(canary.hits()).toBe(before);
}

const literal = (host: string): Attack => [`a call to the address ${host}`, (ground) => guarded(ground, host)];

const leading = (address: string): Attack => [
  `a name that leads to ${address}`,
  (ground) =>
    guarded(ground, 'shop.example.com', (_host, _options, found) =>
      found(null, [{ address, family: address.includes(':') ? 6 : 4 }]),
    ),
];

/** A plugin that calls whatever address it was given. */
async function follow({ victim }: Ground, url: string) {
  return victim.api('POST', `/api/stores/default/integrations/${victim.integration}/actions/follow`, { url });
}

/** An address of the store's own, to which the hub is to send what happens. */
const told = (host: string): Attack => [
  `a webhook of a store's own to https://${host}/`,
  async ({ victim, canary }) => {
    const [base, before] = ['/api/stores/default/webhooks', canary.hits()];
    const url = `https://${host.replace('PORT', String(canary.port))}/`;
    const made = await victim.api('POST', base, { url, events: ['integration.attention'] });
    if (made.status !== 201) expect([host, made.status]).toEqual([host, 400]);
    else {
      expect((await victim.api('POST', `${base}/${made.body.id}/test`)).status).toBe(202);
      const tried = async () => (await victim.api('GET', `${base}/${made.body.id}/deliveries`)).body.deliveries?.[0];
      const delivery = await until(async () => ((await tried())?.attempts ?? 0) > 0 && tried(), { what: 'the first attempt' });
      expect(delivery).toMatchObject({ statusCode: null, reason: expect.stringContaining('private network') });
      await victim.api('DELETE', `${base}/${made.body.id}`);
    }
    expect(canary.hits()).toBe(before);
  },
];

const undeclared = (url: string): Attack => [
  `a plugin that was talked into calling ${url}`,
  async (ground) => {
    const [before, asked] = [ground.canary.hits(), ground.provider.seen.length];
    const answer = await follow(ground, url.replace('PORT', String(ground.canary.port)));
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect([ground.canary.hits(), ground.provider.seen.length]).toEqual([before, asked]);
  },
];

export const egress: readonly Attack[] = [
  ...['127.0.0.1:PORT', '0177.0.0.1:PORT', '0x7f.0.0.1:PORT', '127.1:PORT', '10.0.0.1', '192.168.0.1', '172.16.0.1'].map(named),
  ...['169.254.169.254', '0.0.0.0:PORT', '168.63.129.16', '100.64.0.1', '127.0.0.1:PORT/x', '127.0.0.1:PORT#.x.test'].map(named),
  ...['user@127.0.0.1:PORT', '127。0。0.1:PORT', 'localhost.:PORT', 'x.localhost:PORT', '[::1].x', '127.0.0.1%00.x'].map(named),
  ...['127.0.0.1', '2130706433', '017700000001', '0x7f000001', '0x7f.1', '127.1', '0', '127.0.0.1.', '①②⑦.⓪.⓪.①'].map(literal),
  ...['[::1]', '[::]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[0:0:0:0:0:ffff:127.0.0.1]', '[::127.0.0.1]'].map(literal),
  ...['[64:ff9b::127.0.0.1]', '[64:ff9b:1::7f00:1]', '[2002:7f00:1::]', '[fe80::1]', '[fd00:ec2::254]', '[ff02::1]'].map(literal),
  ...[
    '127.0.0.1',
    '169.254.169.254',
    '::1',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::',
    'fe80::1%lo',
  ].map(leading),
  ...['fd00:ec2::254', '0.0.0.0', '2001:0:a9fe:a9fe::', '::ffff:0:127.0.0.1'].map(leading),
  ...['127.0.0.1:PORT', '2130706433:PORT', 'localhost:PORT', '[::1]:PORT', '[::ffff:127.0.0.1]:PORT', '169.254.169.254'].map(
    told,
  ),
  [
    'a name that leads outside when it is looked up, and inside when it is connected to',
    (ground) => {
      let reads = 0;
      const shifting = {
        family: 4,
        get address() {
          reads += 1;
          return reads === 1 ? '8.8.8.8' : '127.0.0.1';
        },
      };
      return guarded(ground, 'shop.example.com', (_host, _options, found) => found(null, [shifting]));
    },
  ],
  ...[
    'https://127.0.0.1:PORT/',
    'http://api.acme.test/v1/me',
    'https://evil.example/',
    'https://api.acme.test:PORT/',
    'https://api.acme.test.evil.example/',
    'https://api.acme.test@127.0.0.1:PORT/',
    'https://user:pass@api.acme.test/',
    'https://api.acme.test./',
    'file:///etc/passwd',
    'gopher://127.0.0.1:PORT/',
    'ftp://api.acme.test/',
    'https://[fe80::1%25lo]/',
    'https://api。acme。test:PORT/',
  ].map(undeclared),
  [
    'a provider that sends a call on to an address inside',
    async (ground) => {
      const before = ground.canary.hits();
      ground.provider.onApi = () => ({ status: 302, body: {}, headers: { location: `http://127.0.0.1:${ground.canary.port}/` } });
      const answer = await follow(ground, '/me').finally(() => {
        ground.provider.onApi = undefined;
      });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(ground.canary.hits()).toBe(before);
    },
  ],
  [
    'a provider that sends a call on to another host and is to get the token there',
    async (ground) => {
      const { provider } = ground;
      provider.onApi = (path) =>
        path === '/api/v1/start'
          ? { status: 302, body: {}, headers: { location: 'https://auth.acme.test/token?steal=1' } }
          : undefined;
      await follow(ground, '/start').finally(() => {
        provider.onApi = undefined;
      });
      const strayed = provider.seen.filter(({ params }) => params['steal'] === '1');
      expect(strayed.map(({ authorization }) => authorization)).not.toContainEqual(expect.stringContaining('key-acc'));
    },
  ],
];

import { expect } from '@jest/globals';
import request from 'supertest';
import { call } from '../hub.ts';
import { signIn } from '../people.ts';
import { csrfOf, PASSWORD } from '../web.ts';
import type { Attack, Ground } from './ground.ts';

const SPOOFED = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'https',
  'x-forwarded-port': '443',
  forwarded: 'for=1.2.3.4;host=evil.example;proto=https',
};

/** One guess of a password, as the proxy in front hands it on. */
async function guess(
  { front }: Ground,
  { email, by, password = 'wrong' }: { email: string; by: string; password?: string },
): Promise<number> {
  const agent = request.agent(front.app);
  const page = await agent.get('/login');
  const cookie = String(page.headers['set-cookie']).split(';')[0] ?? '';
  const answer = await agent
    .post('/login')
    .set({ cookie, 'x-forwarded-for': by })
    .type('form')
    .send({ email, password, _csrf: csrfOf(page.text) });
  return answer.status;
}

const several = async (times: number, once: (at: number) => Promise<number>): Promise<number[]> => {
  const statuses: number[] = [];
  for (let at = 0; at < times; at += 1) statuses.push(await once(at));
  return statuses;
};

const TEN_AND_NO_MORE = [...Array<number>(10).fill(401), 429];

/** After ten guesses under one spelling, none of the others is one more. */
const SPELLINGS = [
  'owner@example.com',
  'OWNER@EXAMPLE.COM',
  ' owner@example.com',
  'owner@example.com\t',
  '\u00a0Owner@Example.com\u3000',
  'Owner@example.COM',
];
const NOBODY = [
  'owner@example.com.',
  'owner@example.com\u200b',
  'ｏwner@example.com',
  'own\u0435r@example.com',
  'owner@exampl\u0065\u0301.com',
  'owner+x@example.com',
];

export const spoofing: readonly Attack[] = [
  [
    'a Host header that would stand in links',
    async ({ hub, victim }) => {
      const wanted = { plugin: 'target', returnUrl: 'https://app.example.com/back' };
      const link = await victim.api('POST', '/api/stores/default/connect-links', wanted, SPOOFED);
      expect(link.body.url).toMatch(new RegExp(`^${hub.url}/connect/`));
      const document = await call('GET', `${hub.url}/api/openapi.json`, { headers: SPOOFED });
      expect(document.body.servers).toEqual([{ url: hub.url }]);
      const browser = await signIn(hub, victim.person);
      for (const path of [
        '/integrations',
        '/integrations/target',
        `/integrations/target/${victim.integration}`,
        '/login',
        '/nothing',
      ]) {
        const answer = await browser.get(path).set(SPOOFED);
        expect([path, JSON.stringify([answer.headers, answer.text]).includes('evil.example')]).toEqual([path, false]);
      }
    },
  ],
  [
    'https that a header claims',
    async ({ hub }) => {
      const { headers } = await request(hub.url).get('/login').set(SPOOFED);
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(String(headers['set-cookie'])).not.toContain('Secure');
    },
  ],
  [
    'an address of the own choice for each guess, where no proxy is trusted',
    async ({ hub }) => {
      const statuses = await several(11, async (at) => {
        const basic = Buffer.from(`spoofer@example.com:wrong${at}`).toString('base64');
        const headers = { authorization: `Basic ${basic}`, 'x-forwarded-for': `192.0.2.${at}`, forwarded: `for=192.0.2.${at}` };
        return (await call('POST', `${hub.url}/api/api-keys`, { headers, body: { name: 'x' } })).status;
      });
      expect(statuses).toEqual(TEN_AND_NO_MORE);
    },
  ],
  [
    'an address of the own choice before the one a trusted proxy adds',
    async (ground) => {
      const statuses = await several(11, (at) =>
        guess(ground, { email: 'nobody@example.com', by: `203.0.113.${at}, 198.51.100.1` }),
      );
      expect(statuses).toEqual(TEN_AND_NO_MORE);
    },
  ],
  [
    'another spelling of the same address for each guess',
    async (ground) => {
      const by = '198.51.100.2';
      const statuses = await several(11, (at) => guess(ground, { email: SPELLINGS[at % SPELLINGS.length] ?? '', by }));
      expect(statuses).toEqual(TEN_AND_NO_MORE);
      for (const email of SPELLINGS)
        expect([email, await guess(ground, { email, by, password: PASSWORD })]).toEqual([email, 429]);
    },
  ],
  [
    'a spelling that looks like the address and is not',
    async (ground) => {
      for (const email of NOBODY) {
        expect([email, await guess(ground, { email, by: '198.51.100.3', password: PASSWORD })]).toEqual([email, 401]);
      }
    },
  ],
  [
    'another address of the same IPv6 network for each guess',
    async (ground) => {
      const statuses = await several(11, (at) => guess(ground, { email: 'nobody@example.com', by: `2001:db8:1:2::${at + 1}` }));
      expect(statuses).toEqual(TEN_AND_NO_MORE);
    },
  ],
  [
    'an IPv4 address written as IPv6',
    async (ground) => {
      const ways = ['198.51.100.4', '::ffff:198.51.100.4', '::ffff:c633:6404', '0:0:0:0:0:ffff:198.51.100.4'];
      const statuses = await several(11, (at) =>
        guess(ground, { email: 'nobody@example.com', by: ways[at % ways.length] ?? '' }),
      );
      expect(statuses).toEqual(TEN_AND_NO_MORE);
    },
  ],
  [
    'thirty guesses at once',
    async (ground) => {
      const by = '198.51.100.5';
      const statuses = await Promise.all(Array.from({ length: 30 }, () => guess(ground, { email: 'burst@example.com', by })));
      expect([statuses.filter((status) => status === 401).length, statuses.filter((status) => status === 429).length]).toEqual([
        10, 20,
      ]);
    },
  ],
  [
    'guesses that go on under a password of an API call',
    async ({ front }) => {
      const by = '198.51.100.6';
      const ask = (password: string) =>
        request(front.app)
          .post('/api/api-keys')
          .auth('owner@example.com', password)
          .set('x-forwarded-for', by)
          .send({ name: 'x' });
      for (let at = 0; at < 10; at += 1) await ask(`wrong ${at}`).expect(401);
      await ask(PASSWORD).expect(429);
      expect(await guess({ front } as Ground, { email: 'owner@example.com', by, password: PASSWORD })).toBe(429);
    },
  ],
  [
    'the work that tells a known address from an unknown one',
    async ({ front }) => {
      const workOf = async (email: string) => {
        const before = process.cpuUsage();
        for (let at = 0; at < 8; at += 1) await front.services.accounts.verifyPassword(email, `wrong ${at}`);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      };
      await workOf('owner@example.com');
      const [known, unknown] = [await workOf('owner@example.com'), await workOf('nobody@example.com')];
      // Without a hash to compare with it would be a hundredth; what else the process does takes its share of both.
      expect(unknown / known).toBeGreaterThan(0.3);
      expect(unknown / known).toBeLessThan(3);
    },
  ],
];

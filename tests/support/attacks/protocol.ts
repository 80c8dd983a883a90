import { gzipSync } from 'node:zlib';
import { expect } from '@jest/globals';
import request from 'supertest';
import { call } from '../hub.ts';
import type { Attack, Ground } from './ground.ts';
import { raw, requestOf, statusIn, trickle } from './raw.ts';

const portOf = ({ hub }: Ground) => Number(new URL(hub.url).port);

const method = (line: string, statuses: readonly number[]): Attack => [
  line,
  async (ground) => {
    const came = await raw(portOf(ground), requestOf(`${line} HTTP/1.1`, ['Content-Length: 0']));
    expect([line, statuses.includes(statusIn(came)), statusIn(came)]).toEqual([line, true, statusIn(came)]);
    // What was sent is not sent back (cross-site tracing).
    expect(came).not.toContain('Content-Length: 0\r\nHost');
  },
];

const tooMuch = (attempt: string, statuses: readonly number[], send: (ground: Ground) => Promise<number>): Attack => [
  attempt,
  async (ground) => expect(statuses).toContain(await send(ground)),
];

const withKey = async ({ hub, victim }: Ground, body: string | Buffer<ArrayBuffer>, headers: Record<string, string> = {}) => {
  const basic = Buffer.from(`${victim.person.email}:${victim.person.password}`).toString('base64');
  const init = {
    method: 'POST',
    body,
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json', ...headers },
  };
  return (await fetch(`${hub.url}/api/api-keys`, init)).status;
};

/** Never to be completed: a head, a form and a webhook's call. */
const UNFINISHED = [
  'GET /login HTTP/1.1\r\nHost: hub\r\nX-Slow: ',
  'POST /login HTTP/1.1\r\nHost: hub\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\nemail=',
  'POST /webhooks/target HTTP/1.1\r\nHost: hub\r\nContent-Type: application/json\r\nContent-Length: 9000\r\n\r\n{',
];

export const protocol: readonly Attack[] = [
  [
    'requests of a byte now and then that are to use up all connections',
    async (ground) => {
      const slow = UNFINISHED.flatMap((beginning) => Array.from({ length: 30 }, () => trickle(portOf(ground), beginning)));
      expect((await call('GET', `${ground.hub.url}/healthz`)).status).toBe(200);
      const statuses = (await Promise.all(slow)).map(statusIn);
      expect(statuses.filter((status) => status !== 0 && (status < 400 || status >= 500))).toEqual([]);
    },
  ],
  method('TRACE /login', [405]),
  method('TRACK /login', [400]),
  method('PUT /login', [405]),
  method('DELETE /integrations', [405]),
  method('PATCH /stores', [405]),
  method('OPTIONS /api/stores', [405]),
  method('PROPFIND /', [405]),
  method('POST /healthz', [404, 405]),
  method('PUT /api/stores', [405]),
  method('DELETE /assets/app.css', [404, 405]),
  [
    'another site reads the API with the cookies of a person',
    async ({ hub, victim }) => {
      const preflight = await fetch(`${hub.url}/api/stores`, {
        method: 'OPTIONS',
        headers: {
          origin: 'https://evil.example',
          'access-control-request-method': 'DELETE',
          'access-control-request-headers': 'authorization',
        },
      });
      const read = await victim.browser.get('/api/stores').set('origin', 'https://evil.example');
      const names = [...preflight.headers.keys(), ...Object.keys(read.headers)];
      expect(names.filter((name) => name.startsWith('access-control-'))).toEqual([]);
    },
  ],
  [
    'a private page or answer from a cache',
    async ({ hub, victim }) => {
      for (const path of [
        '/integrations',
        '/stores',
        `/integrations/target/${victim.integration}`,
        '/connect/none',
        '/nothing',
        '/api/stores',
      ]) {
        const answer = await victim.browser.get(path).set('accept', 'text/html');
        expect([path, answer.headers['cache-control']]).toEqual([path, 'no-store']);
      }
      expect((await call('GET', `${hub.url}/api/nothing`)).headers.get('cache-control')).toBe('no-store');
    },
  ],
  [
    'a page inside a frame of another site',
    async ({ victim }) => {
      for (const path of ['/integrations', '/login', '/nothing', '/sandbox/leadconnector', '/api/docs', '/assets/favicon.svg']) {
        const { headers } = await victim.browser.get(path);
        expect([path, headers['x-frame-options']]).toEqual([path, 'DENY']);
        expect(headers['content-security-policy']).toMatch(/frame-ancestors 'none'|default-src 'none'/);
        expect(headers['x-content-type-options']).toBe('nosniff');
      }
    },
  ],
  [
    'http in place of https, a referrer that tells, a window that is held',
    async ({ front }) => {
      const { headers } = await request(front.app).get('/login');
      expect(headers).toMatchObject({
        'strict-transport-security': expect.stringMatching(/^max-age=31536000/),
        'referrer-policy': 'same-origin',
        'cross-origin-opener-policy': 'same-origin-allow-popups',
        'cross-origin-resource-policy': 'same-origin',
        'permissions-policy': expect.stringContaining('camera=()'),
        'x-dns-prefetch-control': 'off',
      });
      expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
    },
  ],
  [
    'figures of the hub without their token',
    async ({ hub }) => {
      for (const headers of [
        {},
        { authorization: 'Bearer ' },
        { authorization: 'Bearer let me se' },
        { authorization: 'bearer let me see' },
      ]) {
        expect((await call('GET', `${hub.url}/metrics`, { headers })).status).toBe(404);
      }
    },
  ],
  [
    'the setup of a hub that is set up',
    async ({ hub }) => {
      const browser = request.agent(hub.url);
      const _csrf = /name="_csrf" value="([^"]+)"/.exec((await browser.get('/setup?token=')).text)?.[1];
      for (const token of ['', 'x', undefined]) {
        const fields = { _csrf, token, email: 'mallory@example.com', password: 'a long enough password', storeName: 'Mine' };
        expect((await browser.post('/setup').type('form').send(fields)).status).toBe(403);
      }
      expect(await hub.rows(`select 1 from users where email = 'mallory@example.com'`)).toEqual([]);
    },
  ],
  [
    'a formula in a file for a spreadsheet',
    async ({ victim }) => {
      const path = `/api/stores/default/integrations/${victim.integration}`;
      for (const name of ['=cmd|calc!A1', '+1+1', '@SUM(A1)', '-2+3', '\u00a0=1+1']) await victim.api('PATCH', path, { name });
      await victim.api('PATCH', path, { name: 'Acme' });
      const { text, status } = await victim.browser.get('/audit/file?format=csv');
      expect(status).toBe(200);
      expect(text).not.toMatch(/(?:^|,|\n)"?[\s\u00a0]*[=+@-][^,\n]/);
    },
  ],
  tooMuch('a body packed to be a thousand times as large', [413, 415], (ground) =>
    withKey(ground, gzipSync(Buffer.alloc(50_000_000, ' ')), { 'content-encoding': 'gzip' }),
  ),
  tooMuch('a body in a coding nobody reads', [415], (ground) => withKey(ground, '{}', { 'content-encoding': 'compress' })),
  tooMuch('a body in an alphabet nobody reads', [415], (ground) =>
    withKey(ground, '{}', { 'content-type': 'application/json; charset=iso-8859-1' }),
  ),
  tooMuch('a body larger than any call', [413], (ground) => withKey(ground, `{"name":"${'x'.repeat(1_100_000)}"}`)),
  tooMuch('a form of six thousand fields', [413], async ({ victim }) => {
    const fields = Object.fromEntries(Array.from({ length: 6000 }, (_, at) => [`f${at}`, '']));
    return (await victim.browser.post('/stores').type('form').send(fields)).status;
  }),
  tooMuch('an address of a thousand parameters', [400], async ({ victim }) => {
    const query = Array.from({ length: 1000 }, (_, at) => `p${at}=1`).join('&');
    return (await victim.api('GET', `/api/integrations?${query}`)).status;
  }),
];

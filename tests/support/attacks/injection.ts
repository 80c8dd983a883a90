import { expect } from '@jest/globals';
import { post } from '../people.ts';
import type { Attack, Ground } from './ground.ts';
import { raw, requestOf } from './raw.ts';
import { deliver } from './signed.ts';

/** Each would do something where it is not text. */
const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '</title><svg/onload=alert(1)>',
  '{{7191*7}}{{constructor.constructor("return 1")()}}',
  '{{{shell.csrf}}}{{> csrf}}',
  ['$', '{7191*7}<%= 7191*7 %>#{7191*7}'].join(''),
  'javascript:alert(1)',
  '=cmd|calc!A1',
  "Robert'); drop table integrations;--",
  '%s%n%x$(reboot)`reboot`',
];

/** Nothing of it is markup, and nothing of it was worked out. */
function expectText(html: string, value: string): void {
  expect(html).not.toContain('50337');
  expect(html).not.toMatch(/<script>alert|<img src=x|<svg\/onload|onerror=alert\(1\)>|' onmouseover='/);
  expect(html).not.toMatch(/(?:href|src|action)\s*=\s*"?javascript:/i);
  if (/[<>"]/.test(value)) expect(html).not.toContain(value);
}

const path = ({ victim }: Ground) => `/api/stores/default/integrations/${victim.integration}`;

const nameOf = (value: string): Attack => [
  `a name that is ${JSON.stringify(value)}`,
  async (ground) => {
    const { victim } = ground;
    const answer = await victim.api('PATCH', path(ground), { name: value });
    expect([answer.status, answer.body.name]).toEqual([200, value]);
    for (const page of [
      '/integrations',
      `/integrations/target/${victim.integration}`,
      `/integrations/target/${victim.integration}/disconnect`,
    ]) {
      expectText((await victim.browser.get(page)).text, value);
    }
    await victim.api('PATCH', path(ground), { name: 'Acme' });
  },
];

const saidByProvider = (value: string, at: number): Attack => [
  `a record that is ${JSON.stringify(value)}`,
  async (ground) => {
    const { provider, victim } = ground;
    const data = { id: `hostile-${at}`, name: value, email: value, website: value, [value]: value, nested: { [value]: [value] } };
    provider.onApi = (asked) => (asked.startsWith('/api/v1/contacts/') ? { status: 200, body: data } : undefined);
    const added = await victim.api('POST', `${path(ground)}/actions/addContact`, { name: 'x' });
    provider.onApi = undefined;
    expect(added.status).toBe(200);
    const { text, status } = await victim.browser.get(`/integrations/target/${victim.integration}/records/contacts`);
    expect([status, text.includes(`hostile-${at}`)]).toEqual([200, true]);
    expectText(text, value);
  },
];

const saidByWebhook = (value: string, at: number): Attack => [
  `a message that is ${JSON.stringify(value)}`,
  async ({ hub, victim }) => {
    const id = `h${at}${value}`;
    expect(await deliver(hub, { id, type: value, account: 'acc-1', object: `w-${at}`, name: value })).toBe(200);
    const list = await victim.browser.get(`/integrations/target/${victim.integration}/events`);
    expect(list.status).toBe(200);
    expectText(list.text, value);
    const [row] = await hub.rows<{ id: string }>('select id from webhook_events where event_id = $1', [id]);
    const one = await victim.browser.get(`/integrations/target/${victim.integration}/events/${row?.id}`);
    expect(one.status).toBe(200);
    expectText(one.text, value);
  },
];

/** An address of the API in which a value stands: never our failure, never more than was asked for. */
const asked = (address: string, statuses: readonly number[] = [400, 404]): Attack => [
  address,
  async ({ victim }) => {
    const answer = await victim.api('GET', address.replaceAll(':one', `/api/stores/default/integrations/${victim.integration}`));
    expect(statuses).toContain(answer.status);
    expect(JSON.stringify(answer.body)).not.toMatch(/syntax|relation|column|SELECT|Red Bakery/);
  },
];

const ODD = encodeURIComponent("' or '1'='1");

/** A body that is refused, whatever it would do. */
const bodyOf = (attempt: string, body: string, method = 'PATCH', to = ''): Attack => [
  attempt,
  async (ground) => {
    const { browser } = ground.victim;
    const token = /name="_csrf" value="([^"]+)"/.exec((await browser.get('/stores')).text)?.[1] ?? '';
    const call = method === 'PATCH' ? browser.patch(`${path(ground)}${to}`) : browser.put(`${path(ground)}${to}`);
    const answer = await call.set({ 'content-type': 'application/json', 'x-csrf-token': token }).send(body);
    expect([400, 422]).toContain(answer.status);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  },
];

export const injection: readonly Attack[] = [
  ...HOSTILE.map(nameOf),
  ...HOSTILE.map(saidByProvider),
  ...HOSTILE.map(saidByWebhook),
  ...[`/api/stores/${ODD}/integrations`, `/api/stores/default/integrations/${ODD}`, `:one/runs/${ODD}`, `:one/events/${ODD}`].map(
    (one) => asked(one),
  ),
  ...[`:one/records/${ODD}`, `:one/records/contacts/${ODD}`, `:one/records/contacts?cursor=${ODD}`, `:one/options/${ODD}`].map(
    (one) => asked(one),
  ),
  ...['constructor', '__proto__', 'toString', 'hasOwnProperty'].flatMap((name) => [
    asked(`:one/records/${name}`),
    asked(`:one/options/${name}`),
    asked(`/api/stores/default/integrations/${name}`),
    asked(`/api/integrations/${name}/oauth/authorize`),
  ]),
  ...[`:one/runs?status=${ODD}`, `:one/runs?sort=${ODD}`, `:one/runs?limit=1;drop`, `:one/events?state=${ODD}`].map((one) =>
    asked(one),
  ),
  ...['/api/integrations?type[$ne]=x', '/api/integrations?__proto__[x]=1', '/api/integrations?constructor=1'].map((one) =>
    asked(one),
  ),
  ...[
    '/api/stores/%00',
    '/api/stores/%ed%a0%80/integrations',
    '/api/stores/%ff/integrations',
    ':one/records/contacts?cursor=%00',
  ].map((one) => asked(one)),
  bodyOf('a name with a NUL', '{"name":"a\\u0000b"}'),
  bodyOf('half a character', '{"name":"a\\ud800b"}'),
  bodyOf('a name that turns the direction of what stands beside it', '{"name":"Acme \\u202e(evil) moc.live"}'),
  bodyOf('a name of two lines', '{"name":"Acme\\r\\nSet-Cookie: a=b"}'),
  bodyOf('a prototype in a body', '{"__proto__":{"polluted":true}}'),
  bodyOf('a constructor in a body', '{"constructor":{"prototype":{"polluted":true}}}'),
  bodyOf('a prototype in the settings of a plugin', '{"__proto__":{"polluted":true},"list":"main"}', 'PUT', '/configure'),
  bodyOf('a constructor in the settings of a plugin', '{"constructor":{"prototype":{"polluted":true}}}', 'PUT', '/configure'),
  bodyOf('an object where a text belongs', '{"name":{"$ne":null}}'),
  bodyOf('a list where a text belongs', '{"name":["a"]}'),
  bodyOf('a body nested until something gives way', `{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}`),
  [
    'a prototype in a form',
    async ({ victim: { browser } }) => {
      const fields = {
        '__proto__[polluted]': '1',
        'constructor[prototype][polluted]': '1',
        ['__proto__']: '1',
        store: 'default',
      };
      await post(browser, '/stores', '/stores', fields);
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
  ],
  [
    'a wildcard in a search, which would find everything',
    async ({ victim }) => {
      for (const q of ['%', '_', '%%%', '\\', '*']) {
        const { text } = await victim.browser.get(
          `/integrations/target/${victim.integration}/records/contacts?q=${encodeURIComponent(q)}c-none${encodeURIComponent(q)}`,
        );
        expect(text).toContain('Nothing found');
      }
    },
  ],
  [
    'a line of the log made up by an address, an id or a name',
    async ({ hub, victim, logged }) => {
      const forged = '{"level":50,"msg":"forged"}';
      const before = logged().length;
      await raw(
        Number(new URL(hub.url).port),
        requestOf(`GET /api/x%0a${encodeURIComponent(forged)}%1b[31m?%0d%0a HTTP/1.1`, [
          `X-Request-Id: a ${forged}`,
          `User-Agent: \u009b31m${forged}`,
        ]),
      );
      await victim.api('GET', `/api/stores/${encodeURIComponent(`\n${forged}`)}/integrations`);
      const lines = logged().slice(before);
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        expect(line.slice(0, -1)).not.toMatch(/\p{Cc}/u);
        expect(JSON.parse(line).msg).not.toBe('forged');
      }
    },
  ],
];

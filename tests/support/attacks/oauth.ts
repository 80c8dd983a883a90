import { expect } from '@jest/globals';
import type { Response } from 'supertest';
import { type Browser, post, signIn } from '../people.ts';
import type { Attack, Ground } from './ground.ts';

interface Begun {
  readonly browser: Browser;
  readonly authorizeUrl: string;
  /** What the provider would send back now. */
  readonly came: Record<string, string>;
}

/** Somebody begins to connect in a browser of their own, and allows it at the provider. */
async function begun(ground: Ground, who: 'victim' | 'stranger' = 'victim'): Promise<Begun> {
  const { browser } = ground[who];
  const answer = await post(browser, '/integrations/target', '/integrations/target/oauth/initiate');
  const authorizeUrl = answer.headers['location'] ?? '';
  expect([answer.status, authorizeUrl]).toEqual([303, expect.stringContaining('code_challenge=')]);
  return { browser, authorizeUrl, came: ground.provider.allow(authorizeUrl, { account: who === 'victim' ? 'acc-1' : 'acc-2' }) };
}

function comeBack(browser: Browser, query: object, plugin = 'target'): Promise<Response> {
  const search = new URLSearchParams(query as Record<string, string>);
  return browser.get(`/integrations/${plugin}/oauth/callback?${search}`).then((answer) => answer);
}

/** Nothing was kept, and nobody was sent on as if something had been. */
async function fails({ hub }: Ground, answering: () => Promise<Response>): Promise<void> {
  const count = () => hub.rows("select count(*)::int as oauth from integrations where method = 'oauth'");
  const before = await count();
  const answer = await answering();
  expect([answer.status, answer.headers['location']]).toEqual([expect.any(Number), undefined]);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.status).toBeLessThan(500);
  expect(await count()).toEqual(before);
}

/** An own dance, whose return is changed on the way. */
const changed = (attempt: string, change: (came: Record<string, string>) => object): Attack => [
  attempt,
  async (ground) => {
    const { browser, came } = await begun(ground);
    await fails(ground, () => comeBack(browser, change(came)));
  },
];

export const oauth: readonly Attack[] = [
  changed('a return without a state', ({ code }) => ({ code })),
  changed('a return with an empty state', ({ code }) => ({ code, state: '' })),
  changed('a return with a state made up', ({ code }) => ({ code, state: 'x'.repeat(43) })),
  changed('a return of another issuer (RFC 9207)', (came) => ({ ...came, iss: 'https://evil.example' })),
  changed('a return of an issuer that is no address', (came) => ({ ...came, iss: 'auth.acme.test' })),
  changed('a return whose issuer only begins like the right one', (came) => ({
    ...came,
    iss: 'https://auth.acme.test.evil.example',
  })),
  changed('a return without a code', ({ state }) => ({ state })),
  changed('a code the provider never gave', ({ state }) => ({ state, code: 'made-up' })),
  changed('an answer that says both yes and no', (came) => ({ ...came, error: 'access_denied' })),
  [
    'a return with two states',
    async (ground) => {
      const { browser, came } = await begun(ground);
      await fails(ground, () =>
        browser.get(`/integrations/target/oauth/callback?code=${came['code']}&state=${came['state']}&state=x`),
      );
    },
  ],
  [
    'a return that is played a second time',
    async (ground) => {
      const { browser, came } = await begun(ground);
      await fails(ground, () => comeBack(browser, { ...came, error: 'server_error' }));
      await fails(ground, () => comeBack(browser, came));
    },
  ],
  [
    'a return after ten minutes',
    async (ground) => {
      const { browser, came } = await begun(ground);
      await ground.hub.rows(`update oauth_requests set expires_at = now() - interval '1 second'`);
      await fails(ground, () => comeBack(browser, came));
    },
  ],
  [
    'a return in another browser of the same person',
    async (ground) => {
      const { came } = await begun(ground);
      const other = await signIn(ground.hub, ground.victim.person);
      await fails(ground, () => comeBack(other, came));
    },
  ],
  [
    "the attacker's account in the victim's store: a return link sent to the victim",
    async (ground) => {
      const { came } = await begun(ground, 'stranger');
      await fails(ground, () => comeBack(ground.victim.browser, came));
    },
  ],
  [
    "the attacker's code put into the dance of the victim",
    async (ground) => {
      const [{ came: stolen }, { browser, came }] = [await begun(ground, 'stranger'), await begun(ground)];
      await fails(ground, () => comeBack(browser, { ...came, code: stolen['code'] }));
    },
  ],
  [
    'a code of one provider handed to another: the return at a different plugin',
    async (ground) => {
      const { browser, came } = await begun(ground);
      const asked = ground.provider.seen.length;
      await fails(ground, () => comeBack(browser, came, 'rival'));
      expect(ground.provider.seen.length).toBe(asked);
    },
  ],
  [
    "a state of a browser used with somebody's key",
    async (ground) => {
      const { came } = await begun(ground);
      for (const who of [ground.stranger, ground.victim]) {
        const answer = await who.api('POST', '/api/integrations/target/oauth/callback', came);
        expect(answer.status).toBeGreaterThanOrEqual(400);
        expect(answer.status).toBeLessThan(500);
      }
    },
  ],
  [
    'a redirect URI of the attacker, in the form, the address or the Host header',
    async (ground) => {
      const browser = await signIn(ground.hub, ground.victim.person);
      const to = '/integrations/target/oauth/initiate?redirect_uri=https%3A%2F%2Fevil.example';
      const fields = { redirect_uri: 'https://evil.example', redirectUri: 'https://evil.example' };
      const spoofed = browser.set({ host: 'evil.example', 'x-forwarded-host': 'evil.example' });
      const { headers } = await post(spoofed, '/integrations/target', to, fields);
      const { searchParams } = new URL(headers['location'] ?? '');
      expect(searchParams.get('redirect_uri')).toBe(`${ground.hub.url}/integrations/target/oauth/callback`);
    },
  ],
  [
    'words of a provider that are markup',
    async (ground) => {
      const { browser, came } = await begun(ground);
      const said = '<script>alert(1)</script>{{7191*7}}';
      const answer = await comeBack(browser, { state: came['state'] ?? '', error: said, error_description: said });
      expect([answer.status, answer.text]).toEqual([expect.any(Number), expect.not.stringContaining('<script>alert')]);
      expect(answer.text).not.toContain('50337');
    },
  ],
  ...[
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https:evil.example',
    '/%5C/evil.example/..//x',
    'javascript:alert(1)',
    '\u2028//x',
  ].map(
    (next): Attack => [
      `a login that leads on to ${JSON.stringify(next)}`,
      async ({ hub, victim }) => {
        const { headers } = await post(victim.browser, '/stores', '/stores', { store: 'default', next });
        expect(new URL(headers['location'] ?? '', hub.url).origin).toBe(hub.url);
      },
    ],
  ),
];

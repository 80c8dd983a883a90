import { describe, expect, it } from '@jest/globals';
import { sampleTemplate } from '../../tests/support/view-samples.ts';
import { isBlocked, type PreflightInput, preflight, skewOf } from './preflight.ts';

const READY: PreflightInput = {
  template: sampleTemplate({}),
  publicUrl: 'https://hub.example',
  redirectUri: 'https://hub.example/integrations/acme/oauth/callback',
  sandbox: false,
  missing: [],
  skewMs: 0,
  operator: true,
};

describe('the check before a consent page', () => {
  it.each<[string, Partial<PreflightInput>, RegExp]>([
    ['without the app of the operator', { missing: ['ACME_CLIENT_ID'] }, /ACME_CLIENT_ID/],
    ['at an address without https', { publicUrl: 'http://hub.example' }, /https/],
    ['with a clock that is wrong', { skewMs: -90_000 }, /90 seconds/],
  ])('stops %s, and tells the operator what to mend and an owner whom to ask', (_, wrong, words) => {
    const [first] = preflight({ ...READY, ...wrong });
    expect(first).toMatchObject({ state: 'bad', text: expect.stringMatching(words) });
    const owners = preflight({ ...READY, ...wrong, operator: false });
    expect(owners.map(({ text }) => text)).toEqual([expect.stringMatching(/whoever runs this hub/)]);
    expect(isBlocked(owners)).toBe(true);
  });

  it('lets an owner go on unbothered where all is well, and gives the operator the address to register', () => {
    expect(preflight({ ...READY, operator: false })).toEqual([]);
    const checks = preflight(READY);
    expect(isBlocked(checks)).toBe(false);
    expect(checks.map(({ copy }) => copy)).toContain(READY.redirectUri);
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('takes %s as providers do', (publicUrl) => {
    expect(isBlocked(preflight({ ...READY, publicUrl }))).toBe(false);
  });

  it.each(['https://hub.local', 'https://hub', 'https://10.1.2.3', 'https://[fd00::1]', 'http://localhost'])(
    'says of %s that changes cannot be reported there',
    (publicUrl) => {
      const plugin = READY.template.loaded?.plugin;
      const webhook = { scope: 'app', verify: () => true, events: () => [] } as const;
      const handlers = { ...plugin?.handlers, webhook };
      const loaded = { ...READY.template.loaded, plugin: { ...plugin, handlers } } as PreflightInput['template']['loaded'];
      const [first] = preflight({ ...READY, publicUrl, template: { ...READY.template, loaded } });
      expect(first).toMatchObject({ state: 'note', text: expect.stringContaining('cannot be reached from outside') });
    },
  );

  it('minds no address where a simulator answers', () => {
    expect(isBlocked(preflight({ ...READY, publicUrl: 'http://hub.example', sandbox: true }))).toBe(false);
  });
});

describe('the difference between two clocks', () => {
  const at = (ms: number) => ({ query: async () => [{ now: Date.now() + ms }] as never });

  it('is nothing within the time it takes to ask, and known beyond it', async () => {
    expect(await skewOf(at(0))).toBe(0);
    expect(Math.abs(await skewOf(at(600_000)))).toBeGreaterThan(590_000);
    expect(await skewOf(at(-600_000))).toBeLessThan(-590_000);
  });
});

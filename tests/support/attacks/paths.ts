import { expect } from '@jest/globals';
import type { Attack, Ground } from './ground.ts';
import { raw, requestOf, statusIn } from './raw.ts';

/** Of files next to what is served, and of the machine's. */
const INSIDE = /root:.*:0:0|"name": "patchbay"|"lockfileVersion"|BEGIN (?:RSA |EC )?PRIVATE|export const manifest|whsec_/;

async function get({ hub }: Ground, path: string, headers: readonly string[] = []): Promise<string> {
  return raw(Number(new URL(hub.url).port), requestOf(`GET ${path} HTTP/1.1`, headers));
}

const outside = (path: string): Attack => [
  path,
  async (ground) => {
    const came = await get(ground, path);
    expect(came).not.toMatch(INSIDE);
    expect([path, statusIn(came)]).toEqual([path, expect.any(Number)]);
    expect([303, 400, 401, 403, 404, 405]).toContain(statusIn(came));
  },
];

/** What an operator alone may see, by an address written otherwise; as a stranger with a session and with a key. */
const hidden = (path: string): Attack => [
  path,
  async (ground) => {
    const cookie = ground.stranger.browser.jar.getCookies({
      path: '/',
      domain: '127.0.0.1',
      secure: false,
      script: false,
    } as never);
    const came = await get(ground, path, [`Cookie: ${cookie.toValueString()}`]);
    expect([path, statusIn(came) >= 300]).toEqual([path, true]);
    expect(came).not.toMatch(/Blue Fitness|victim@example/);
  },
];

export const paths: readonly Attack[] = [
  ...[
    '/assets/../package.json',
    '/assets/..%2fpackage.json',
    '/assets/..%2F..%2F..%2Fpackage.json',
    '/assets/%2e%2e/%2e%2e/package.json',
    '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/assets/..%252f..%252fpackage.json',
    '/assets/..%c0%af..%c0%afpackage.json',
    '/assets/..%5c..%5cpackage.json',
    '/assets/..\\..\\package.json',
    '/assets/....//....//package.json',
    '/assets//etc/passwd',
    '/assets/app.css%00.svg',
    '/assets/constructor',
    '/assets/__proto__',
    '/assets/plugins/target/manifest.ts',
    '/assets/plugins/target/index.ts',
    '/assets/plugins/../../icon.svg',
    '/assets/plugins/..%2f..%2fpackage.json/icon.svg',
    '/assets/plugins/target%2f..%2f..%2f..%2fpackage.json%00/icon.svg',
    '/assets/plugins/__proto__/icon.svg',
    '/api/docs/..%2fpackage.json',
    '/api/docs/%2e%2e%2f%2e%2e%2fpackage.json',
    '/api/docs/package.json',
    '/api/docs/absolute-path.js',
    '/api/docs/swagger-ui.css/..%2f..%2fpackage.json',
    '/sandbox/..%2f..%2fetc/api/passwd/x',
    '/sandbox/target/api/..%2f..%2f..%2fetc%2fpasswd/x',
    '/sandbox/__proto__/api/host/x',
    '/webhooks/..%2f..%2fpackage.json',
    '/webhooks/%2e%2e/%2e%2e/etc/passwd',
    '/integrations/..%2f..%2fpackage.json',
    '/../../../../etc/passwd',
    '//etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/.git/config',
    '/.env',
    '/data/keys',
    'file:///etc/passwd',
  ].map(outside),
  ...[
    '/ADMIN/plugins',
    '/admin/',
    '//admin/plugins',
    '/admin/./plugins',
    '/%61dmin/plugins',
    '/integrations/../admin/plugins',
    '/integrations/..;/admin/plugins',
    '/admin%2fplugins',
    '/API/admin/integrations',
    '/api/admin/integrations/',
    '/api//admin/integrations',
    '/api/%61dmin/integrations',
    '/api/stores/../admin/integrations',
    '/api/stores/default/integrations',
    '/API/stores/DEFAULT/integrations',
  ].map(hidden),
  [
    'a path that a proxy was to have rewritten',
    async (ground) => {
      for (const name of ['X-Original-URL', 'X-Rewrite-URL', 'X-Forwarded-Uri', 'X-Override-URL']) {
        const came = await get(ground, '/healthz', [`${name}: /admin/plugins`]);
        expect([name, came.includes('{"status":"ok"}')]).toEqual([name, true]);
      }
    },
  ],
];

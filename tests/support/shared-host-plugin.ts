import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A plugin whose provider has one host for everything: a short-lived token that is exchanged, calls proven with the app's
 * secret, a permission only its owner renews, a revocation endpoint. Its simulator knows its own tokens only, all of which
 * begin with `secret`.
 */
export function writeSharedHostPlugin(dir: string, id: string, secret: string): void {
  const home = join(dir, id);
  mkdirSync(home, { recursive: true });
  const files = { 'manifest.ts': MANIFEST, 'index.ts': INDEX, 'sandbox.ts': SANDBOX, 'icon.svg': ICON };
  for (const [file, text] of Object.entries(files))
    writeFileSync(join(home, file), text.replaceAll('__ID__', id).replaceAll('__SECRET__', secret));
}

const ICON = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>\n';

const MANIFEST = `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Shared __ID__',
  summary: 'One of several at the same host.',
  category: 'Advertising',
  docs: 'https://graph.example/docs',
  apiVersion: '1',
  baseUrl: 'https://graph.example',
  auth: [{
    method: 'oauth',
    title: 'Connect',
    guide: 'Press the button.',
    authorizeUrl: 'https://graph.example/dialog',
    tokenUrl: 'https://graph.example/token',
    scopes: [{ name: 'ads_read', reason: 'Read your campaigns.' }],
    pkce: false,
    exchange: { grantType: 'long_token', tokenParam: 'short', method: 'GET' },
    renewal: { by: 'owner', warnDays: 7 },
    revokeUrl: 'https://graph.example/revoke',
  }],
  config: { type: 'object', properties: {} },
  app: {
    type: 'object',
    properties: {
      clientId: { type: 'string', title: 'Client ID' },
      clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
    },
  },
} as const satisfies Manifest;
`;

const INDEX = `import { createHash } from 'node:crypto';
import { definePlugin, Rejected } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify({ http }) {
    const { data } = await http.get<{ id?: unknown; page?: unknown } | null>('/me');
    if (typeof data?.id !== 'string') throw new Rejected('It did not say who it is.');
    return { externalId: data.id, label: 'Account ' + data.id };
  },
  async test({ http }) {
    const { data } = await http.get<{ page?: unknown } | null>('/me');
    const page = await http.get<{ name?: unknown } | null>('/page', { token: String(data?.page) });
    return { message: 'Page ' + String(page.data?.name) + '.' };
  },
  authorize({ secrets, app }) {
    const token = secrets['accessToken'] ?? '';
    const proof = createHash('sha256').update(token + app['clientSecret']).digest('hex');
    return { query: { access_token: token, proof } };
  },
});
`;

const SANDBOX = `import { createHash } from 'node:crypto';
import { defineSandbox } from 'patchbay';
export default defineSandbox({
  hosts: ['graph.example'],
  app: { clientId: 'app-__ID__', clientSecret: '__SECRET__-app' },
  create: () => {
    const asked: string[] = [];
    const state = { lifetime: 5 * 86_400, revoked: '' };
    const known = (query: URLSearchParams, token: string) =>
      query.get('access_token') === token &&
      query.get('proof') === createHash('sha256').update(token + '__SECRET__-app').digest('hex');
    return {
      async handle({ path, query, body }) {
        asked.push(path);
        const form = new URLSearchParams(body);
        if (path === '/dialog') {
          const back = new URL(query.get('redirect_uri') ?? '');
          back.searchParams.set('code', '__SECRET__-code');
          back.searchParams.set('state', query.get('state') ?? '');
          return { status: 302, headers: { location: back.href } };
        }
        if (path === '/token' && query.get('grant_type') === 'long_token') {
          if (query.get('short') !== '__SECRET__-short' || query.get('client_secret') !== '__SECRET__-app') return { status: 400, body: {} };
          return { status: 200, body: { access_token: '__SECRET__-long', expires_in: state.lifetime } };
        }
        if (path === '/token') {
          if (form.get('code') !== '__SECRET__-code') return { status: 400, body: { error: 'invalid_grant' } };
          return { status: 200, body: { access_token: '__SECRET__-short', expires_in: 3600 } };
        }
        if (path === '/revoke') {
          state.revoked = form.get('token') ?? '';
          return { status: 200, body: {} };
        }
        if (path === '/me' && known(query, '__SECRET__-long')) return { status: 200, body: { id: '__ID__', page: '__SECRET__-page' } };
        if (path === '/page' && known(query, '__SECRET__-page')) return { status: 200, body: { name: '__ID__ page' } };
        return { status: 401, body: { error: { message: 'Unknown token ' + query.get('access_token') } } };
      },
      panel: () => ({ credentials: {}, facts: { asked: asked.join(' '), revoked: state.revoked }, log: [] }),
      commands: {
        live: {
          title: 'Let new tokens live for so many days',
          input: { type: 'object', properties: { days: { type: 'integer', title: 'Days' } } },
          async run({ days }) {
            state.lifetime = Number(days) * 86_400;
            return { message: 'Done.' };
          },
        },
      },
    };
  },
});
`;

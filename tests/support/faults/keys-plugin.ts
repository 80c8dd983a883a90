import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Acme',
  summary: 'Says whose token it is.',
  category: 'CRM',
  docs: 'https://acme.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.acme.example',
  rate: { requests: 1_000_000, seconds: 60 },
  auth: [{
    method: 'oauth',
    title: 'Sign in',
    guide: 'Sign in.',
    authorizeUrl: 'https://api.acme.example/authorize',
    tokenUrl: 'https://api.acme.example/token',
    scopes: [{ name: 'read', reason: 'To see whose account it is.' }],
  }],
  app: {
    type: 'object',
    properties: {
      clientId: { type: 'string', title: 'Client ID' },
      clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
    },
  },
  config: {
    type: 'object',
    properties: {
      signingKey: { type: 'string', title: 'Signing key', 'x-secret': true },
      person: { type: 'string', title: 'Person', 'x-options': 'people' },
    },
  },
} as const satisfies Manifest;
`,
  'index.ts': `import { definePlugin, hmac } from 'patchbay';
import { manifest } from './manifest.ts';
const whose = async (http) => (await http.get('/me')).data.id;
export default definePlugin(manifest, {
  async identify({ http }) {
    const id = await whose(http);
    return { externalId: id, label: id };
  },
  async test({ http }) { return { message: 'It is ' + await whose(http) }; },
  streams: { calls: { title: 'Calls' } },
  options: {
    async people({ http }) {
      const id = await whose(http);
      return [{ value: id, label: id }];
    },
  },
  actions: {
    whose: {
      title: 'Whose account is it?',
      input: { type: 'object', properties: {} },
      async run({ http }) { return { data: { id: await whose(http) } }; },
    },
  },
  webhook: {
    scope: 'integration',
    retryStatus: 503,
    verify: (req, { integration }) => hmac('sha256', integration.signingKey, req.raw, req.headers['x-acme-signature']),
    events(req) {
      const { id } = JSON.parse(Buffer.from(req.raw).toString());
      return [{ id, type: 'called', object: id, data: {} }];
    },
    async onEvent({ http }, { id }) {
      return [{ kind: 'records', stream: 'calls', items: [{ id, data: { whose: await whose(http) } }] }];
    },
  },
});
`,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>\n',
  'README.md': '# Acme\n',
};

/**
 * Writes the plugin `acme`, whose every call asks {@link KeysProvider} whose token it showed, and whose webhooks are signed
 * with a key of each integration.
 */
export function writeKeysPlugin(pluginDirs: string): void {
  const folder = join(pluginDirs, 'acme');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
}

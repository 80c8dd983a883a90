import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Rotating',
  summary: 'Says whose account it is.',
  category: 'CRM',
  docs: 'https://rotating.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.rotating.example',
  rate: { requests: 1_000_000, seconds: 60 },
  auth: [{
    method: 'oauth',
    title: 'Sign in',
    guide: 'Sign in.',
    authorizeUrl: 'https://api.rotating.example/authorize',
    tokenUrl: 'https://api.rotating.example/token',
    scopes: [{ name: 'read', reason: 'To see whose account it is.' }],
  }],
  app: {
    type: 'object',
    properties: {
      clientId: { type: 'string', title: 'Client ID' },
      clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
    },
  },
  config: { type: 'object', properties: {} },
} as const satisfies Manifest;
`,
  'index.ts': `import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify({ http }) {
    const { data } = await http.get('/me');
    return { externalId: data.id, label: data.id };
  },
  async test() { return { message: 'Works.' }; },
  actions: {
    whose: {
      title: 'Whose account is it?',
      input: { type: 'object', properties: {} },
      async run({ http }) {
        return { data: (await http.get('/me')).data };
      },
    },
  },
});
`,
};

/** Writes the plugin `rotating`, whose account is that of `RotatingProvider`. */
export function writeRotatingPlugin(pluginDirs: string): void {
  const folder = join(pluginDirs, 'rotating');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
}

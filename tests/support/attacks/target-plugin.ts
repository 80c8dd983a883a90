import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACME } from '../fake-plugin.ts';

/** What `target` signs its webhooks with; `rival`, the same plugin at another provider, has no such secret set. */
export const TARGET_SECRET = 'whsec_target_0123456789abcdef';

const APP = {
  type: 'object',
  properties: {
    clientId: { type: 'string', title: 'Client id' },
    clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
    webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true },
  },
  required: ['clientId', 'clientSecret'],
};

const [oauth, keys] = ACME.auth;

function manifestOf(provider: string): object {
  const moved = JSON.stringify({ ...ACME, auth: [oauth, keys], app: APP }).replaceAll('acme.test', `${provider}.test`);
  return { ...JSON.parse(moved), rate: { requests: 100_000, seconds: 1 } };
}

/** Calls wherever the one who connects it says. */
const ROAM = {
  ...{ sdk: 1, name: 'Roam', summary: 'Calls a server of your own.', category: 'CRM', docs: 'https://docs.roam.test' },
  ...{ apiVersion: '1', baseUrl: 'https://{name}.{zone}' },
  auth: [
    {
      method: 'manual',
      title: 'Server',
      guide: 'Name the server.',
      fields: {
        type: 'object',
        properties: {
          name: { type: 'string', title: 'Name' },
          zone: { type: 'string', title: 'Zone' },
          key: { type: 'string', title: 'Key', 'x-secret': true },
        },
        required: ['name', 'zone', 'key'],
      },
      headers: { Authorization: 'Bearer {key}' },
    },
  ],
  config: { type: 'object', properties: {} },
};

const TARGET_INDEX = `import { action, definePlugin, hmac } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify({ http }) {
    const { data } = await http.get('/me');
    return { externalId: data.id, label: data.name };
  },
  async test({ http, account }) {
    await http.get('/count');
    return { message: 'Connected to ' + account.label + '.' };
  },
  streams: { contacts: { title: 'Contacts' } },
  options: { lists: async () => [{ value: 'main', label: 'Main' }] },
  actions: {
    addContact: action({
      title: 'Add a contact',
      input: { type: 'object', properties: { name: { type: 'string', title: 'Name' } }, required: ['name'] },
      async run({ http }, { name }) {
        const { data } = await http.get('/contacts/' + encodeURIComponent(name));
        const items = [{ id: String(data.id), data }];
        return { data: { id: data.id }, effects: [{ kind: 'records', stream: 'contacts', items }] };
      },
    }),
    follow: action({
      title: 'Follow an address',
      input: { type: 'object', properties: { url: { type: 'string', title: 'Address' } }, required: ['url'] },
      run: async ({ http }, { url }) => ({ data: { status: (await http.get(url)).status } }),
    }),
  },
  webhook: {
    scope: 'app',
    retryStatus: 503,
    verify: (req, keys) => hmac('sha256', keys.app.webhookSecret, req.raw, req.headers['x-target-signature']),
    events(req) {
      const body = JSON.parse(Buffer.from(req.raw).toString());
      return [{ id: String(body.id), type: String(body.type ?? 'changed'), account: body.account, object: body.object, data: body }];
    },
    onEvent: async (_ctx, { data }) => [{ kind: 'records', stream: 'contacts', items: [{ id: String(data.object), data }] }],
  },
});
`;

const ROAM_INDEX = `import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify({ http }, { name, zone }) {
    await http.get('/who');
    return { externalId: name + '.' + zone, label: name, vars: { name, zone } };
  },
});
`;

/** Writes the plugins `target`, `rival` and `roam` into a folder of plugins. */
export function writeTargets(pluginDirs: string): void {
  write(pluginDirs, 'target', { manifest: manifestOf('acme'), index: TARGET_INDEX });
  write(pluginDirs, 'rival', { manifest: manifestOf('rival'), index: TARGET_INDEX });
  write(pluginDirs, 'roam', { manifest: ROAM, index: ROAM_INDEX });
}

function write(pluginDirs: string, id: string, { manifest, index }: { manifest: object; index: string }): void {
  const folder = join(pluginDirs, id);
  mkdirSync(folder, { recursive: true });
  const declared = `import type { Manifest } from 'patchbay';\nexport const manifest = ${JSON.stringify(manifest)} as const satisfies Manifest;\n`;
  const icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>\n';
  const files = { 'manifest.ts': declared, 'index.ts': index, 'icon.svg': icon, 'README.md': `# ${id}\n` };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FILES: Readonly<Record<string, string>> = {
  'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Paged',
  summary: 'Contacts, page by page.',
  category: 'CRM',
  docs: 'https://paged.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.HOST.example',
  rate: { requests: 1_000_000, seconds: 60 },
  auth: [{
    method: 'manual',
    title: 'Account',
    guide: 'Name the account.',
    fields: { type: 'object', required: ['account'], properties: { account: { type: 'string', title: 'Account' } } },
    headers: {},
  }],
  config: { type: 'object', properties: {} },
} as const satisfies Manifest;
`,
  'index.ts': `import { definePlugin, TryLater } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify(_link, grant) {
    const account = String(grant.account);
    return { externalId: account, label: account };
  },
  async test() { return { message: 'Works.' }; },
  actions: {
    ping: {
      title: 'Ping',
      input: { type: 'object', properties: {} },
      async run({ http, account }) {
        const { data } = await http.get('/accounts/' + account.externalId + '/ping');
        return { data };
      },
    },
  },
  streams: {
    contacts: {
      title: 'Contacts',
      mode: 'full',
      async *sync({ http, account }, from) {
        let cursor = typeof from?.['cursor'] === 'string' ? from['cursor'] : '0';
        for (;;) {
          const path = '/accounts/' + account.externalId + '/contacts';
          const { data } = await http.get(path, { query: { cursor }, timeoutMs: TIMEOUT });
          if (!Array.isArray(data?.contacts)) throw new TryLater('Paged answered without a list of contacts.');
          cursor = String(data.next);
          yield { items: data.contacts.map((contact) => ({ id: contact.id, data: contact })), checkpoint: { cursor }, total: data.total };
          if (data.next === null) return;
        }
      },
    },
  },
});
`,
};

interface PagedPlugin {
  readonly id?: string;
  /** How long it waits for an answer. */
  readonly timeoutMs?: number;
}

/** Writes a plugin that reads `GET /accounts/:account/contacts?cursor=` of `api.<id>.example`, whatever it is told there. */
export function writePagedPlugin(pluginDirs: string, { id = 'paged', timeoutMs = 60_000 }: PagedPlugin = {}): void {
  const folder = join(pluginDirs, id);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(FILES))
    writeFileSync(join(folder, file), text.replace('HOST', id).replace('TIMEOUT', String(timeoutMs)));
}

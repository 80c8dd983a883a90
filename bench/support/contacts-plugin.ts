import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A contact as the simulator of the bench has it: about 600 bytes, as providers' contacts are. */
export function contact(n: number, version: number): Record<string, unknown> {
  return {
    id: `contact-${String(n).padStart(8, '0')}`,
    firstName: `First ${n}`,
    lastName: `Last ${n}`,
    email: `person-${n}@example.com`,
    phone: `+1555${String(n).padStart(7, '0')}`,
    tags: ['customer', `cohort-${n % 12}`],
    address: {
      line1: `${n} High Street`,
      city: 'Springfield',
      state: 'IL',
      postalCode: String(10_000 + (n % 90_000)),
      country: 'US',
    },
    custom: { plan: n % 3 === 0 ? 'gold' : 'silver', points: n % 1_000, notes: 'Came by the spring campaign, prefers mornings.' },
    version,
  };
}

const FILES: Readonly<Record<string, string>> = {
  'index.ts': `import { definePlugin, Rejected } from 'patchbay';
import { manifest } from './manifest.ts';
export default definePlugin(manifest, {
  async identify({ http }) {
    const { data } = await http.get<{ id?: string }>('/me');
    if (!data.id) throw new Rejected('No such account.');
    return { externalId: data.id, label: 'Bench' };
  },
  streams: {
    contacts: {
      title: 'Contacts',
      mode: 'full',
      async *sync({ http }, from) {
        for (let at = Number(from?.['at'] ?? 0); ; ) {
          const { data } = await http.get<{ contacts: { id: string }[]; total: number }>('/contacts', { query: { offset: at, limit: 1000 } });
          at += data.contacts.length;
          yield { items: data.contacts.map((contact) => ({ id: contact.id, data: contact })), checkpoint: { at }, total: data.total };
          if (at >= data.total) return;
        }
      },
    },
  },
});
`,
  'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Bench',
  summary: 'Contacts without end.',
  category: 'CRM',
  docs: 'https://bench.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.bench.example',
  rate: { requests: 1_000_000, seconds: 60 },
  auth: [{
    method: 'manual',
    title: 'Key',
    guide: 'Any key.',
    fields: { type: 'object', required: ['key'], properties: { key: { type: 'string', title: 'Key', 'x-secret': true } } },
    headers: { Authorization: 'Bearer {key}' },
  }],
  config: { type: 'object', properties: {} },
} as const satisfies Manifest;
`,
};

/** Writes the plugin into a folder of plugins. */
export function writeContactsPlugin(pluginDirs: string): void {
  const folder = join(pluginDirs, 'bench');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(FILES)) writeFileSync(join(folder, file), text);
}

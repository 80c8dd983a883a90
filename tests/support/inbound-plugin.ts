import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a call of {@link writeInboundPlugin}'s provider says: an object of an account as it is now, or that it is gone. */
export interface InboundCall {
  readonly id: string;
  readonly account: string;
  readonly object: string;
  /** Counts the changes of the object. */
  readonly version: number;
  readonly deleted?: boolean;
  /** The call says only that something changed; what, its provider has to be asked: `GET /things/:object`. */
  readonly ask?: boolean;
  readonly pad?: string;
  /** The plugin refuses to handle it, for this reason. */
  readonly refuse?: string;
}

export const INBOUND_SECRET = 'whsec_inbound';

const FILES: Readonly<Record<string, string>> = {
  'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: 'Inbound',
  summary: 'A provider that only calls.',
  category: 'CRM',
  docs: 'https://inbound.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.inbound.example',
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
  'index.ts': `import { definePlugin, hmac, Rejected } from 'patchbay';
import { manifest } from './manifest.ts';
const REFUSES = true;
export default definePlugin(manifest, {
  async identify(_link, grant) {
    const account = String(grant.account);
    return { externalId: account, label: account };
  },
  async test() { return { message: 'Works.' }; },
  streams: { things: { title: 'Things' } },
  webhook: {
    scope: 'app',
    retryStatus: 503,
    verify: (req) => hmac('sha256', '${INBOUND_SECRET}', req.raw, req.headers['x-inbound-signature']),
    events(req) {
      const body = JSON.parse(Buffer.from(req.raw).toString());
      return [body].flat().map((said) => ({ id: said.id, type: 'thing.changed', account: said.account, object: said.object, data: said }));
    },
    async onEvent({ http }, { data: said }) {
      if (said.refuse && REFUSES) throw new Rejected(said.refuse);
      const data = said.ask ? (await http.get('/things/' + said.object)).data : said;
      const id = said.object;
      return [{ kind: 'records', stream: 'things', items: [data.deleted ? { id, deleted: true } : { id, data }] }];
    },
  },
});
`,
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>\n',
  'README.md': '# Inbound\n',
};

/**
 * A plugin `inbound` whose webhook is signed with {@link INBOUND_SECRET}; each event keeps one record, or removes it.
 * @param refuses false for a later version, which refuses nothing
 */
export function writeInboundPlugin(pluginDirs: string, refuses = true): void {
  const folder = join(pluginDirs, 'inbound');
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(FILES)) {
    writeFileSync(join(folder, file), refuses ? text : text.replace('REFUSES = true', 'REFUSES = false'));
  }
}

/** Body and headers as the provider would send them, of one change or of several in one call. */
export function inboundCall(call: InboundCall | readonly InboundCall[]): { body: string; headers: Record<string, string> } {
  const body = JSON.stringify(call);
  const signature = createHmac('sha256', INBOUND_SECRET).update(body).digest('hex');
  return { body, headers: { 'content-type': 'application/json', 'x-inbound-signature': signature } };
}

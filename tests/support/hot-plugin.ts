import { createHmac, randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an edit may change of {@link writePlugin}'s plugin. */
export interface HotPlugin {
  readonly name?: string;
  /** What its webhook answers: tells one version from another. */
  readonly answer?: string;
  /** Statements at the top of `webhook.ts`. */
  readonly top?: string;
  /** Statements in `ack`. */
  readonly inAck?: string;
  /** Further handlers. */
  readonly handlers?: string;
  /** The `config` form, as source. */
  readonly config?: string;
}

/** Files of a plugin of five TypeScript files and an icon whose webhook is signed with `hot-secret`. */
export function hotPlugin({
  name = 'Hot',
  answer = 'one',
  top = '',
  inAck = '',
  handlers = '',
  config = "{ type: 'object', properties: {} }",
}: HotPlugin = {}): Record<string, string> {
  return {
    'manifest.ts': `import type { Manifest } from 'patchbay';
export const manifest = {
  sdk: 1,
  name: ${JSON.stringify(name)},
  summary: 'A plugin that comes and goes.',
  category: 'CRM',
  docs: 'https://hot.example/docs',
  apiVersion: '1',
  baseUrl: 'https://api.hot.example',
  auth: [{
    method: 'manual',
    title: 'Key',
    guide: 'Copy the key.',
    fields: { type: 'object', required: ['key'], properties: { key: { type: 'string', title: 'Key', 'x-secret': true } } },
    headers: { Authorization: 'Bearer {key}' },
  }],
  config: ${config},
} as const satisfies Manifest;
`,
    'answer.ts': `export const ANSWER: string = ${JSON.stringify(answer)};\n`,
    'sync.ts': `import type { Page } from 'patchbay';
export async function* things(): AsyncGenerator<Page, void> {
  yield { items: [{ id: '1', data: { name: 'One' } }], checkpoint: { page: 1 } };
}
`,
    'webhook.ts': `import { hmac, type Webhook } from 'patchbay';
import { ANSWER } from './answer.ts';
${top}
export const webhook: Webhook = {
  scope: 'app',
  retryStatus: 503,
  verify: (req) => hmac('sha256', 'hot-secret', req.raw, req.headers['x-hot-signature']),
  events(req) {
    const body = JSON.parse(Buffer.from(req.raw).toString()) as { id: string };
    return [{ id: body.id, type: 'thing', account: 'acct', data: body }];
  },
  ack() {
    ${inAck}
    return { status: 200, body: ANSWER };
  },
};
`,
    'index.ts': `import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';
import { things } from './sync.ts';
import { webhook } from './webhook.ts';
export default definePlugin(manifest, {
  async identify() { return { externalId: 'acct', label: 'Account' }; },
  async test() { return { message: 'Works.' }; },
  streams: { things: { title: 'Things', sync: things } },
  webhook,
  ${handlers}
});
`,
    'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8"/></svg>\n',
  };
}

/** Writes it as an editor or `cp -r` would: file after file, in place. */
export function writePlugin(dir: string, id: string, plugin: HotPlugin = {}): void {
  const home = join(dir, id);
  mkdirSync(home, { recursive: true });
  for (const [file, text] of Object.entries(hotPlugin(plugin))) writeFileSync(join(home, file), text);
}

export function removePlugin(dir: string, id: string): void {
  rmSync(join(dir, id), { recursive: true });
}

/** A signed call of the plugin's webhook. */
export async function deliverTo(url: string, plugin: string): Promise<{ status: number; text: string }> {
  const body = JSON.stringify({ id: randomUUID() });
  const signature = createHmac('sha256', 'hot-secret').update(body).digest('hex');
  const headers = { 'x-hot-signature': signature, 'content-type': 'application/json' };
  const reply = await fetch(`${url}/webhooks/${plugin}`, { method: 'POST', body, headers });
  return { status: reply.status, text: await reply.text() };
}

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACME } from '../fake-plugin.ts';

const APP = {
  type: 'object',
  properties: {
    clientId: { type: 'string', title: 'Client id' },
    clientSecret: { type: 'string', title: 'Client secret', 'x-secret': true },
    webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true },
  },
  required: ['clientId', 'clientSecret'],
};

function manifestOf(provider: string): object {
  const [oauth, keys] = ACME.auth;
  const revocable = { ...oauth, revokeUrl: 'https://auth.acme.test/revoke' };
  const moved = JSON.stringify({ ...ACME, auth: [revocable, keys], app: APP }).replaceAll('acme.test', `${provider}.test`);
  return { ...JSON.parse(moved), rate: { requests: 100_000, seconds: 1 } };
}

/** A plugin that does with every secret it can lay hands on what a careless author might. */
const INDEX = `import { action, definePlugin, Rejected, TryLater } from 'patchbay';
import { manifest } from './manifest.ts';

/** What its provider was shown, by way of a provider that repeats it in a form nobody knows beforehand. */
async function shown(http) {
  const { data } = await http.get('/shown');
  return Buffer.from(data.reversed, 'utf8').toString().split('').reverse().join('');
}
const act = (title, run) => action({ title, input: { type: 'object', properties: {} }, run });
const known = (config, said) => 'with ' + said + ' and ' + config.signingKey;
let tests = 0;

export default definePlugin(manifest, {
  async identify({ http, log }) {
    const { data } = await http.get('/me');
    log.info({ account: data, said: await shown(http) }, 'identified by ' + (await shown(http)));
    return { externalId: data.id, label: data.name + ' ' + data.repeated };
  },
  async test({ http, account, config }) {
    const said = await shown(http);
    tests += 1;
    if (tests > LOUD_AFTER) throw new Error('the test failed ' + known(config, said));
    const { data } = await http.get('/echo');
    return { message: 'Connected to ' + account.label + ' by ' + data.repeated + '.' };
  },
  streams: {
    contacts: {
      title: 'Contacts',
      mode: 'full',
      async *sync({ http, config, log }) {
        const { data } = await http.get('/echo');
        log.warn({ err: new Error('while syncing ' + known(config, await shown(http))), config }, 'a warning');
        yield {
          items: [{ id: 'c1', data: { name: 'Grace', ...data } }],
          failed: [{ id: 'c2', reason: 'refused ' + known(config, await shown(http)) }],
          notes: ['Was read ' + known(config, await shown(http)) + '.'],
          checkpoint: { page: 1, repeated: data.repeated },
        };
        throw new Error('the sync failed ' + known(config, await shown(http)));
      },
    },
  },
  options: { lists: async ({ http, config }) => { throw new Error('no lists ' + known(config, await shown(http))); } },
  actions: {
    throws: act('Throws', async ({ http, config }) => { throw new Error(known(config, await shown(http)), { cause: new Error(known(config, await shown(http))) }); }),
    throwsText: act('Throws a text', async ({ http, config }) => { throw known(config, await shown(http)); }),
    rejects: act('Rejects', async ({ http, config }) => {
      const message = 'Not taken: ' + known(config, await shown(http));
      throw new Rejected(message, { fields: [{ pointer: '/x', message }], cause: new Error(message) });
    }),
    later: act('Later', async ({ http, config }) => { throw new TryLater('Later ' + known(config, await shown(http))); }),
    returns: act('Returns', async ({ http }) => {
      const { data } = await http.get('/echo');
      return { data, effects: [{ kind: 'records', stream: 'contacts', items: [{ id: 'c3', data }] }] };
    }),
    refused: act('Refused', async ({ http }) => ({ data: (await http.get('/refused')).data })),
    broken: act('Broken', async ({ http }) => ({ data: (await http.get('/broken', { idempotent: false })).data })),
    strays: act('Strays', async ({ http, config }) => {
      const said = known(config, await shown(http));
      setTimeout(() => { throw new Error('strayed ' + said); }, 1);
      if (STRAY_PROMISES) void Promise.reject(new Error('rejected ' + said));
      return { data: {} };
    }),
  },
  webhook: {
    scope: 'app',
    retryStatus: 503,
    verify(req, keys) {
      const secret = keys.app.webhookSecret;
      if (!secret) return false;
      if (req.query.do === 'throw') throw new Error('cannot verify with ' + secret);
      return req.headers['x-leaky-token'] === secret || req.query.token === secret;
    },
    events(req) {
      if (req.query.do === 'fail') throw new Error('cannot read ' + JSON.stringify(req.headers) + JSON.stringify(req.query));
      const body = JSON.parse(Buffer.from(req.raw).toString());
      return [{ id: body.id, type: 'changed', account: body.account, object: body.id, data: body }];
    },
    async onEvent({ http, config }, { data }) { throw new Rejected('the event failed ' + known(config, await shown(http))); },
  },
  REFRESH
});
`;

/** Where OAuth2 data is said not to be enough, a plugin sees tokens. */
const REFRESH = `async refresh(_link, { accessToken, refreshToken }) {
    throw new Error('cannot renew ' + accessToken + ' by ' + refreshToken);
  },`;

export interface LeakyPlugins {
  /** Successful tests before they fail; default: all. */
  readonly loudAfter?: number;
  /** Also leaves promises behind that nobody looks at. */
  readonly strayPromises?: boolean;
}

/** Writes `leaky`, and `spilling`, the same with a `refresh` of its own at another provider. */
export function writeLeakyPlugins(folder: string, { loudAfter = 99, strayPromises = false }: LeakyPlugins = {}): void {
  const index = INDEX.replace('LOUD_AFTER', String(loudAfter)).replace('STRAY_PROMISES', String(strayPromises));
  write(folder, 'leaky', { manifest: manifestOf('acme'), index: index.replace('REFRESH', '') });
  write(folder, 'spilling', { manifest: manifestOf('rival'), index: index.replace('REFRESH', REFRESH) });
}

function write(pluginDirs: string, id: string, { manifest, index }: { manifest: object; index: string }): void {
  const folder = join(pluginDirs, id);
  mkdirSync(folder, { recursive: true });
  const declared = `import type { Manifest } from 'patchbay';\nexport const manifest = ${JSON.stringify(manifest)} as const satisfies Manifest;\n`;
  const icon = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><path d="M4 4h16v16H4z"/></svg>\n';
  const files = { 'manifest.ts': declared, 'index.ts': index, 'icon.svg': icon, 'README.md': `# ${id}\n` };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
}

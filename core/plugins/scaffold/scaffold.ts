import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import handlebars from 'handlebars';
import { PLUGIN_ID } from '../discover.ts';

/** What a new plugin is to be able to do; at least one way to connect. */
export interface Abilities {
  readonly oauth: boolean;
  readonly keys: boolean;
  readonly webhooks: boolean;
  readonly sync: boolean;
  readonly actions: boolean;
}

/** Which template is written only for which ability. */
const ONLY: Readonly<Record<string, keyof Abilities>> = {
  'actions.ts': 'actions',
  'sync.ts': 'sync',
  'webhook.ts': 'webhooks',
  'sandbox-oauth.ts': 'oauth',
};

/**
 * Writes the folder of a new plugin that works as it stands, against a simulator of its own.
 * @returns the names of the files written
 * @throws Error saying what to choose instead, when the id is none or the folder is there already
 */
export async function writePlugin(dir: string, id: string, abilities: Abilities): Promise<string[]> {
  if (!PLUGIN_ID.test(id)) {
    throw new Error(
      `"${id}" is no plugin id; it takes 2 to 40 characters: a small letter, then small letters, digits and hyphens.`,
    );
  }
  const folder = join(dir, id);
  if (existsSync(folder)) throw new Error(`${folder} is there already; choose another id, or remove it first.`);
  const files = await render(id, abilities);
  await mkdir(folder, { recursive: true });
  // The index last: a hub that watches the folder takes it for a plugin from then on.
  const last = files.sort(([a], [b]) => Number(a === 'index.ts') - Number(b === 'index.ts'));
  for (const [name, text] of last) await writeFile(join(folder, name), text, { flag: 'wx' });
  return files.map(([name]) => name).sort();
}

async function render(id: string, abilities: Abilities): Promise<[string, string][]> {
  const home = templateDir();
  const names = (await readdir(home)).map((name) => name.replace(/\.hbs$/, '')).sort();
  const wanted = names.filter((name) => abilities[ONLY[name] ?? 'sync'] || ONLY[name] === undefined);
  const values = valuesOf(id, abilities);
  return Promise.all(
    wanted.map(async (name): Promise<[string, string]> => {
      const template = handlebars.compile(await readFile(join(home, `${name}.hbs`), 'utf8'), { noEscape: true, strict: true });
      return [name === 'test.ts' ? `${id}.test.ts` : name, template(values)];
    }),
  );
}

function valuesOf(id: string, abilities: Abilities) {
  const { oauth, keys, webhooks, sync, actions } = abilities;
  const list = (...parts: (string | false)[]) => parts.filter(Boolean).join(', ');
  const app = list(oauth && 'clientId: CLIENT_ID, clientSecret: CLIENT_SECRET', webhooks && 'webhookSecret: WEBHOOK_SECRET');
  const name = id.replaceAll(/(^|-)([a-z0-9])/g, (_, gap: string, letter: string) => `${gap && ' '}${letter.toUpperCase()}`);
  return {
    ...abilities,
    id,
    name,
    initial: name.slice(0, 1),
    color: `#${createHash('sha256').update(id).digest('hex').slice(0, 6).replaceAll(/[c-f]/g, '8')}`,
    env: id.toUpperCase().replaceAll('-', '_'),
    streams: sync || webhooks,
    customers: sync || webhooks || actions,
    app: app !== '',
    appFields: list(oauth && "'clientId', 'clientSecret'", webhooks && "'webhookSecret'"),
    appValues: app === '' ? '{}' : `{ ${app} }`,
    hosts: list(`'api.${id}.example'`, oauth && `'login.${id}.example'`),
    panelCredentials: keys ? '{ apiKey: API_KEY }' : '{}',
  };
}

/** Beside the sources, from `core/plugins/scaffold` and from `dist/core/plugins/scaffold` alike. */
function templateDir(): string {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    const found = join(dir, 'core', 'plugins', 'scaffold', 'templates');
    if (existsSync(found)) return found;
  }
  throw new Error('The templates of new plugins were not found beside package.json; reinstall the package.');
}

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRig } from '../sdk/testing/index.ts';
import { discover } from './discover.ts';
import { loadFolder, type Outcome } from './load.ts';
import { RULES } from './rules.ts';

const root = join(import.meta.dirname, '../..');
const docs = join(root, 'docs');
const home = await realpath(await mkdtemp(join(tmpdir(), 'docs-')));
const pages = (await readdir(docs)).filter((name) => name.endsWith('.md'));

/** Writes the files a page shows in full: their first line is their path. */
async function writeShown(page: string): Promise<void> {
  const text = await readFile(join(docs, page), 'utf8');
  for (const [, file = '', code = ''] of text.matchAll(/```ts\n\/\/ plugins\/(acme\/[\w.]+)\n(.*?)```/gs)) {
    const place = join(home, page === 'plugins.md' || page === 'simulators.md' ? 'first' : 'all', file);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, code);
  }
}

async function load(dir: string): Promise<Outcome> {
  const [folder] = await discover([join(home, dir)]);
  if (!folder) throw new Error('the pages show no plugin');
  return loadFolder(folder);
}

function node(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...args], { cwd: root }, (_, out, err) =>
      resolve({ code: child.exitCode ?? 1, output: `${out}${err}` }),
    );
  });
}

/** All parts the pages show in one plugin: the manifest of the first page, with what the others add. */
const WHOLE = `
import { definePlugin, type Manifest } from 'patchbay';
import { actions } from './actions.ts';
import { manifest as first } from './manifest.ts';
import { app, oauth } from './oauth.ts';
import { streams } from './sync.ts';
import { webhook } from './webhook.ts';

const manifest = {
  ...first,
  auth: [oauth, ...first.auth],
  app: {
    ...app,
    properties: { ...app.properties, webhookSecret: { type: 'string', title: 'Webhook secret', 'x-secret': true } },
  },
} as const satisfies Manifest;
export default definePlugin(manifest, {
  identify: async () => ({ externalId: 'acc_1', label: 'Blue Fitness' }),
  streams,
  webhook,
  actions,
});
`;

beforeAll(async () => {
  for (const page of pages) await writeShown(page);
  const manifest = await readFile(join(home, 'first/acme/manifest.ts'), 'utf8');
  await writeFile(join(home, 'all/acme/manifest.ts'), manifest);
  await writeFile(join(home, 'all/acme/index.ts'), WHOLE);
});
afterAll(() => rm(home, { recursive: true }));

describe('the plugin shown in the docs', () => {
  it('passes the check as it stands there', async () => {
    const outcome = await load('first');
    expect(outcome.error).toBeUndefined();
    expect(outcome.plugin?.manifest.name).toBe('Acme');
  });

  it('connects to the simulator shown in the docs, which sends a webhook', async () => {
    const { plugin, sandbox } = await load('first');
    if (!plugin || !sandbox) throw new Error('nothing loaded');
    const rig = openRig(plugin, sandbox, { ...sandbox.demo });
    expect((await rig.connect()).account).toEqual({ externalId: 'acc_1', label: 'Blue Fitness' });
    expect(await rig.instance.commands['addCustomer']?.run({ name: 'Grace' })).toMatchObject({ id: 'cus_2' });
    expect(rig.deliveries).toHaveLength(1);
  });

  it('takes the parts the other pages show', async () => {
    const { error, plugin } = await load('all');
    expect(error).toBeUndefined();
    expect(Object.keys(plugin?.handlers ?? {})).toEqual(['identify', 'streams', 'webhook', 'actions']);
  });

  it('is typed, all of it', async () => {
    await symlink(join(root, 'node_modules'), join(home, 'node_modules'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    await rm(join(home, 'all/acme/acme.test.ts'));
    const paths = { patchbay: [join(root, 'core/sdk/index.ts')] };
    const typeRoots = [join(root, 'node_modules/@types')];
    const config = { extends: join(root, 'tsconfig.json'), compilerOptions: { paths, typeRoots }, include: ['.'] };
    await writeFile(join(home, 'tsconfig.json'), JSON.stringify(config));
    expect(await node([join(root, 'node_modules/typescript/bin/tsc'), '-p', home])).toEqual({ code: 0, output: '' });
  }, 60_000);
});

describe('the docs', () => {
  it('have a section for each rule of the checker, under its own title and level, with a why and a how', async () => {
    const text = await readFile(join(docs, 'checker-rules.md'), 'utf8');
    const told = text.split(/^## /m).slice(1);
    expect(told.map((section) => section.split('\n')[0])).toEqual(
      Object.entries(RULES).map(([id, { title }]) => `${id} ${title}`),
    );
    for (const [i, { level }] of Object.values(RULES).entries())
      expect(told[i]).toMatch(new RegExp(`\\*(Error: not loaded|Needed for ${level})\\.\\* \\S.*\\n\\n\\*\\*Do:\\*\\* \\S`));
  });

  it('hold the reference of the contract as it is', async () => {
    expect(await node([join(root, 'bin/docs.js'), '--check'])).toEqual({ code: 0, output: '' });
  });

  it.each(pages)('lead to pages and headings that are there: %s', async (page) => {
    const text = await readFile(join(docs, page), 'utf8');
    for (const [, file = '', anchor] of text.matchAll(/\]\(([\w./-]*)(?:#([\w-]+))?\)/g)) {
      const target = await readFile(file === '' ? join(docs, page) : join(docs, file), 'utf8').catch((error) =>
        error.code === 'EISDIR' ? '' : Promise.reject(error),
      );
      const anchors = [...target.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) => slug(title));
      if (anchor !== undefined) expect(anchors).toContain(anchor);
    }
  });
});

function slug(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^\w\s-]/g, '')
    .replaceAll(/\s/g, '-');
}

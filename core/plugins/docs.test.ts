import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { copySamples, examplePages } from '../../tests/support/docs-example.ts';
import { openRig, waysOf } from '../sdk/testing/rig.ts';
import { discover, type PluginFolder } from './discover.ts';
import { gradeFolder } from './grade.ts';
import { loadFolder } from './load.ts';
import { RULES } from './rules.ts';
import { checkTypes } from './types-check.ts';

const root = join(import.meta.dirname, '../..');
const docs = join(root, 'docs');
const home = await realpath(await mkdtemp(join(tmpdir(), 'docs-')));
const pages = (await readdir(docs)).filter((name) => name.endsWith('.md'));
const order = await examplePages();
afterAll(() => rm(home, { recursive: true }));

/** The folder of somebody who has copied the samples of the pages up to this one, and nothing else. */
async function upTo(last: string): Promise<PluginFolder> {
  const dir = join(home, last.replace('.md', ''));
  await mkdir(dir, { recursive: true });
  for (const page of order.slice(0, order.indexOf(last) + 1)) await copySamples(page, dir);
  const [folder] = await discover([dir]);
  if (!folder) throw new Error('the pages show no plugin');
  return folder;
}

function node(args: readonly string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...args], { cwd: root, maxBuffer: 1e8 }, (_, out, err) =>
      resolve({ code: child.exitCode ?? 1, output: `${out}${err}` }),
    );
  });
}

describe('the plugin the pages write together', () => {
  it('grows by files, handlers and a simulator', () => {
    expect(order).toEqual(expect.arrayContaining(['plugins.md', 'simulators.md', 'syncs.md', 'webhooks.md', 'actions.md']));
  });

  it.each(order)('loads, and has its types, once %s is copied too', async (page) => {
    const folder = await upTo(page);
    expect((await loadFolder(folder)).error).toBeUndefined();
    expect(await checkTypes(folder)).toEqual({ faults: [] });
  });

  it('connects to its simulator from the first page about it on', async () => {
    const { plugin, sandbox } = await loadFolder(await upTo('simulators.md'));
    if (!plugin || !sandbox) throw new Error('nothing loaded');
    const rig = openRig(plugin, sandbox, waysOf(plugin, sandbox)?.[0] ?? {});
    const { account, ctx } = await rig.connect();
    expect(account).toEqual({ externalId: 'acc_1', label: 'Blue Fitness' });
    expect(await rig.handlers.test?.(ctx)).toEqual({ message: 'Connected to Blue Fitness.' });
    expect(await rig.instance.commands['addCustomer']?.run({ name: 'Grace' })).toMatchObject({ id: 'cus_26' });
  });

  describe('with the samples of all pages', () => {
    let whole: PluginFolder;
    beforeAll(async () => {
      whole = await upTo(order.at(-1) ?? '');
    });

    it('is gold', async () => {
      expect(await gradeFolder(whole)).toMatchObject({ grade: 'gold', findings: [] });
    });

    it('can do what the pages are about', async () => {
      const { plugin } = await loadFolder(whole);
      expect(Object.keys(plugin?.handlers ?? {}).sort()).toEqual(['actions', 'identify', 'streams', 'test', 'webhook']);
      expect(plugin?.manifest).toMatchObject({ auth: [{ method: 'oauth' }, { method: 'manual' }] });
    });

    it('passes its tests', async () => {
      const { code, output } = await node([join(root, 'bin/test.js'), whole.dir]);
      expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining('Test Suites: 2 passed, 2 total') });
    });
  });
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

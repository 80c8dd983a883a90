import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hubError } from '../sdk/index.ts';
import { REASONS } from './__fixtures__/reasons.ts';
import { bundle } from './bundle.ts';
import { discover, type PluginFolder } from './discover.ts';
import { loadFolder } from './load.ts';
import { run } from './run.ts';

const fixtures = join(import.meta.dirname, '__fixtures__');
const temporary = await mkdtemp(join(tmpdir(), 'plugins-'));
afterAll(() => rm(temporary, { recursive: true }));

async function find(dir: string, id: string): Promise<PluginFolder> {
  const folder = (await discover([dir])).find((one) => one.id === id);
  if (!folder) throw new Error(`no folder ${id}`);
  return folder;
}

describe('a broken folder says why', () => {
  it('in every way of the fixtures', async () => {
    const folders = await discover([join(fixtures, 'broken')]);
    expect(folders.map(({ id }) => id).sort()).toEqual(Object.keys(REASONS).sort());
  });

  it.each(Object.entries(REASONS))('%s', async (id, reason) => {
    const outcome = await loadFolder(await find(join(fixtures, 'broken'), id));
    expect(outcome.plugin).toBeUndefined();
    if (typeof reason === 'string') expect(outcome.error).toBe(`broken/${id}${reason}`);
    else expect(outcome.error).toMatch(reason);
  });

  it('when it does not finish loading', async () => {
    const folder = await find(join(fixtures, 'slow'), 'hangs-at-load');
    const hanging = await bundle(folder, folder.entry, '0'.repeat(64));
    expect(() => run(folder, hanging, { timeoutMs: 100 })).toThrow(
      'slow/hangs-at-load: did not finish loading within 0.1 seconds',
    );
  });

  it('when it is too large, by the file that makes it so', async () => {
    const dir = join(temporary, 'heavy/huge');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, 'index.ts'), `import { map } from './map.ts';\nexport default map.length;\n`);
    await writeFile(join(dir, 'map.ts'), `export const map = '${'x'.repeat(17 * 2 ** 20)}';\n`);
    const folder = await find(join(temporary, 'heavy'), 'huge');
    await expect(bundle(folder, folder.entry, '0'.repeat(64))).rejects.toThrow(
      'heavy/huge/map.ts: has 17 MB of a bundle of 17 MB; 16 MB is the most',
    );
  });

  it('when its verify never answers', async () => {
    const { error } = await loadFolder(await find(join(fixtures, 'slow'), 'webhook-hangs'));
    expect(error).toContain('/index.ts:9: webhook.verify takes longer than 2 seconds over forged calls');
  });

  it('when its id is taken by an earlier directory', async () => {
    const found = await discover([join(fixtures, 'good'), join(fixtures, 'shadow')]);
    const [shadowed] = found.filter(({ label }) => label === 'shadow/acme');
    expect(shadowed && (await loadFolder(shadowed)).error).toBe(
      'shadow/acme: the id "acme" is taken by good/acme, which comes earlier in PLUGIN_DIRS; rename or remove one of the two',
    );
  });

  it('still keeps a sound manifest to make a card from', async () => {
    const { manifest } = await loadFolder(await find(join(fixtures, 'broken'), 'webhook-accepts-anything'));
    expect(manifest?.name).toBe('Open');
  });
});

describe('discovery', () => {
  it('passes over folders without an index, hidden ones, drafts, and directories that are not there', async () => {
    const found = await discover([join(fixtures, 'nowhere'), join(fixtures, 'good'), join(fixtures, 'good')]);
    expect(found.map(({ id, problem }) => [id, problem])).toEqual([
      ['acme', undefined],
      ['plain-js', undefined],
      ['soon', undefined],
    ]);
  });
});

describe('a sound folder', () => {
  it.each(['acme', 'plain-js', 'soon'])('loads: %s', async (id) => {
    const outcome = await loadFolder(await find(join(fixtures, 'good'), id));
    expect(outcome.error).toBeUndefined();
    expect(outcome.plugin?.manifest.name).toMatch(/\S/);
    expect(outcome.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('gets the very SDK the hub uses, so that its errors are known', async () => {
    const { plugin } = await loadFolder(await find(join(fixtures, 'good'), 'acme'));
    const error = await Promise.resolve(plugin?.handlers?.actions?.['fail']?.run({} as never, {}, { id: 'call-1' })).catch(
      (thrown: unknown) => thrown,
    );
    expect(hubError(error)?.code).toBe('NOT_FOUND');
    expect((error as Error).message).toBe('No thing 64.');
  });
});

describe('what a folder may hold', () => {
  const home = join(temporary, 'own');

  beforeAll(async () => {
    await cp(join(fixtures, 'good', 'plain-js'), join(home, 'own-package'), { recursive: true });
    await mkdir(join(home, 'own-package', 'node_modules', 'told'), { recursive: true });
    await writeFile(join(home, 'own-package', 'node_modules', 'told', 'index.js'), "exports.tell = () => 'told';");
    const index = `
      import { basename } from 'node:path';
      import os from 'os';
      import { definePlugin } from 'patchbay';
      import { tell } from 'told';
      import { manifest } from './manifest.js';
      import numbers from './numbers.json';
      export default definePlugin(manifest, {
        identify: async () => ({
          externalId: [basename(import.meta.dirname), typeof os.EOL, numbers.length, (await import('node:util')).types.isDate(1)].join(),
          label: tell(),
        }),
      });`;
    await writeFile(join(home, 'own-package', 'index.js'), index);
    await writeFile(join(home, 'own-package', 'numbers.json'), '[1,2]');
  });

  it('packages of its own, JSON, and dynamic imports of built-ins', async () => {
    const { plugin, error } = await loadFolder(await find(home, 'own-package'));
    expect(error).toBeUndefined();
    expect(await plugin?.handlers?.identify({} as never, {})).toEqual({
      externalId: 'own-package,string,2,false',
      label: 'told',
    });
  });

  it('no link that leads out of it', async () => {
    await cp(join(home, 'own-package'), join(home, 'linked'), { recursive: true });
    await writeFile(join(temporary, 'outside.json'), '[]');
    await rm(join(home, 'linked', 'numbers.json'));
    await symlink(join(temporary, 'outside.json'), join(home, 'linked', 'numbers.json'));
    expect((await loadFolder(await find(home, 'linked'))).error).toContain(
      'own/linked: cannot be read: numbers.json is a symbolic link out of',
    );
  });

  it('other bytes make another hash; tests, packages and hidden files do not', async () => {
    const folder = await find(home, 'own-package');
    const before = (await loadFolder(folder)).hash;
    await writeFile(join(folder.dir, 'index.test.ts'), 'new');
    await writeFile(join(folder.dir, '.swap'), 'new');
    await writeFile(join(folder.dir, 'node_modules', 'told', 'more.js'), 'new');
    expect((await loadFolder(folder)).hash).toBe(before);
    await writeFile(join(folder.dir, 'icon.svg'), '<svg/>');
    expect((await loadFolder(folder)).hash).not.toBe(before);
  });
});

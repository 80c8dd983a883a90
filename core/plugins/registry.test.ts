import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { codeOf, FIXTURES, RegistryRoom } from '../../tests/support/registry-room.ts';
import { createLog } from '../log.ts';
import { Registry } from './registry.ts';
import { TemplateStore } from './template-store.ts';

let room: RegistryRoom;

beforeAll(async () => {
  room = await RegistryRoom.open();
});
afterAll(() => room?.close());
beforeEach(() => room.fresh());

describe('the registry', () => {
  it('starts with every broken folder there is, and says of each what is wrong', async () => {
    const registry = await room.loaded(room.dir, join(FIXTURES, 'broken'));
    const failed = registry.templates().filter(({ state }) => state === 'failed');
    expect(failed.length).toBeGreaterThan(35);
    expect(failed.filter(({ error }) => !error?.startsWith('broken/'))).toEqual([]);
    expect(registry.get('acme')?.generation).toBe(1);
    expect(registry.template('broken/Bad_Name')?.error).toContain('rename the folder');
    expect(codeOf(() => registry.require('syntax-error'))).toBe('PLUGIN_UNAVAILABLE');
  });

  it('answers precisely for what it cannot hand out', async () => {
    const registry = await room.loaded();
    expect(codeOf(() => registry.require('nobody'))).toBe('NOT_FOUND');
    expect(codeOf(() => registry.require('__proto__'))).toBe('NOT_FOUND');
    expect(codeOf(() => registry.require('soon'))).toBe('PLUGIN_UNAVAILABLE');
    expect(registry.get('soon')).toBeUndefined();
    expect(registry.known('soon')).toBe(true);
    expect(registry.known('nobody')).toBe(false);
  });

  it('lets an earlier directory keep an id, and reports the later one', async () => {
    const registry = await room.loaded(room.dir, join(FIXTURES, 'shadow'));
    expect(registry.require('acme').plugin.manifest.name).toBe('Acme');
    expect(registry.template('shadow/acme')).toMatchObject({ state: 'failed', error: expect.stringContaining('is taken by') });
    expect((await room.store.all()).map(({ pluginId }) => pluginId)).toEqual(['acme', 'plain-js', 'soon']);
  });

  it('takes a directory that cannot be read now for what it was, and one that is gone for empty', async () => {
    const dirs = [room.dir];
    const registry = new Registry({ dirs, store: room.store, log: createLog('silent') });
    await registry.load();
    dirs[0] = join(room.dir, 'n'.repeat(300));
    await registry.load();
    expect(registry.get('acme')).toBeDefined();
    dirs[0] = join(room.dir, 'nowhere');
    await registry.load();
    expect(registry.get('acme')).toBeUndefined();
  });

  it('shows the cards by category and name', async () => {
    const registry = await room.loaded();
    expect(registry.templates().map(({ id, state, category }) => [id, state, category])).toEqual([
      ['acme', 'ready', 'CRM'],
      ['soon', 'coming-soon', 'CRM'],
      ['plain-js', 'ready', 'API Tools'],
    ]);
    expect(registry.template('acme')).toMatchObject({ name: 'Acme', active: true, icon: expect.stringContaining('<svg') });
  });

  it('keeps the manifest, hash and state in the database', async () => {
    const registry = await room.loaded(room.dir, join(FIXTURES, 'broken'));
    const rows = new Map((await room.store.all()).map((row) => [row.pluginId, row]));
    expect(rows.get('acme')).toMatchObject({ state: 'ready', error: null, contentHash: registry.get('acme')?.hash });
    expect(rows.get('acme')?.manifest).toEqual(JSON.parse(JSON.stringify(registry.get('acme')?.plugin.manifest)));
    expect(rows.get('syntax-error')).toMatchObject({ state: 'failed', manifest: null, error: expect.stringContaining(':5:') });
  });
});

describe('loading again', () => {
  it('leaves an unchanged folder as it is', async () => {
    const registry = await room.loaded();
    const before = registry.get('acme');
    await registry.load();
    expect(registry.get('acme')).toBe(before);
  });

  it('swaps a changed folder as a whole, while work under way keeps its generation', async () => {
    const registry = await room.loaded();
    const before = registry.require('acme');
    await room.edit('acme/manifest.ts', "name: 'Acme'", "name: 'Acme Two'");
    await registry.load();
    expect(registry.require('acme')).toMatchObject({ generation: 2, plugin: { manifest: { name: 'Acme Two' } } });
    expect(before.plugin.manifest.name).toBe('Acme');
    expect(registry.template('acme')?.name).toBe('Acme Two');
  });

  it('keeps the last good generation when the new one is broken, and says so on the card', async () => {
    const registry = await room.loaded();
    const before = registry.require('acme');
    await room.edit('acme/index.ts', 'definePlugin(manifest', 'definePlugin((manifest');
    await registry.load();
    expect(registry.require('acme')).toBe(before);
    expect(registry.template('acme')).toMatchObject({ state: 'ready', error: expect.stringMatching(/\/acme\/index\.ts:\d+: /) });
    await room.edit('acme/index.ts', 'definePlugin((manifest', 'definePlugin(manifest');
    await registry.load();
    expect(registry.template('acme')).toMatchObject({ state: 'ready', error: undefined });
  });

  it('drops a removed folder, keeps its card, and takes it back', async () => {
    const registry = await room.loaded();
    await rename(join(room.dir, 'acme'), join(room.dir, '.acme'));
    await registry.load();
    expect(codeOf(() => registry.require('acme'))).toBe('PLUGIN_UNAVAILABLE');
    expect(registry.template('acme')).toMatchObject({
      state: 'missing',
      name: 'Acme',
      loaded: undefined,
      error: expect.stringContaining('holds no index.ts'),
    });
    await rename(join(room.dir, '.acme'), join(room.dir, 'acme'));
    await registry.load();
    expect(registry.template('acme')).toMatchObject({ state: 'ready', error: undefined });
  });

  it('after a restart shows a missing folder that was once in order, and forgets one that never was', async () => {
    await room.loaded(room.dir, join(FIXTURES, 'broken'));
    await rm(join(room.dir, 'acme'), { recursive: true });
    const registry = await room.loaded();
    expect(registry.template('acme')).toMatchObject({ state: 'missing', name: 'Acme', summary: 'A plugin of the tests.' });
    expect(registry.known('acme')).toBe(true);
    expect(registry.known('syntax-error')).toBe(false);
  });

  it('after a restart shows a broken folder under the name it last had', async () => {
    await room.loaded();
    await room.edit('acme/index.ts', 'definePlugin(manifest', 'definePlugin((manifest');
    const registry = await room.loaded();
    expect(registry.template('acme')).toMatchObject({ state: 'failed', name: 'Acme', category: 'CRM' });
    expect((await room.store.all()).find(({ pluginId }) => pluginId === 'acme')?.manifest?.name).toBe('Acme');
  });
});

it('loads plugins while the database is away', async () => {
  const away = new Registry({
    dirs: [room.dir],
    store: new TemplateStore({ query: () => Promise.reject(new Error('away')) } as never),
    log: createLog('silent'),
  });
  await away.load();
  expect(away.get('acme')?.id).toBe('acme');
  expect(away.template('acme')?.state).toBe('ready');
});

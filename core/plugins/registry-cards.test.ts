import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { createLog } from '../log.ts';
import { hubError } from '../sdk/index.ts';
import { Registry } from './registry.ts';
import { TemplateStore } from './template-store.ts';

const fixtures = join(import.meta.dirname, '__fixtures__');
const log = createLog('silent');
let db: TestDatabase;
let store: TemplateStore;
let dir: string;

beforeAll(async () => {
  db = await testDatabase();
  store = new TemplateStore(db.dataSource);
});
afterAll(() => db.close());

beforeEach(async () => {
  await db.dataSource.query('delete from integration_templates');
  dir = await mkdtemp(join(tmpdir(), 'registry-'));
  await cp(join(fixtures, 'good'), dir, { recursive: true });
});
afterEach(() => rm(dir, { recursive: true }));

async function loaded(...dirs: string[]): Promise<Registry> {
  const registry = new Registry({ dirs: dirs.length > 0 ? dirs : [dir], store, log });
  await registry.load();
  return registry;
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return hubError(error)?.code;
  }
  return undefined;
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const path = join(dir, file);
  await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
}

describe("an operator's changes", () => {
  it('to texts and to the switch survive every load', async () => {
    await loaded();
    await db.dataSource.query(
      `update integration_templates set overrides = '{"name":"Our CRM","summary":"Ours.","category":"Payments"}', active = false
        where plugin_id = 'acme'`,
    );
    await edit('acme/manifest.ts', "name: 'Acme'", "name: 'Acme Two'");
    const registry = await loaded();
    expect(registry.template('acme')).toMatchObject({ name: 'Our CRM', summary: 'Ours.', category: 'Payments', active: false });
    expect(registry.template('plain-js')).toMatchObject({ name: 'Plain', active: true });
  });

  it('may add a coming-soon card without a folder', async () => {
    const manifest = {
      sdk: 1,
      name: 'Later',
      summary: 'Some day.',
      category: 'CRM',
      docs: 'https://x.example',
      comingSoon: true,
    };
    await db.dataSource.query(
      `insert into integration_templates (plugin_id, manifest, state) values ('later', $1, 'coming-soon')`,
      [JSON.stringify(manifest)],
    );
    const registry = await loaded();
    expect(registry.template('later')).toMatchObject({ state: 'coming-soon', name: 'Later', error: undefined });
    expect(codeOf(() => registry.require('later'))).toBe('PLUGIN_UNAVAILABLE');
  });
});

it('shows what an operator writes over a card while a drop of many folders is still being taken in', async () => {
  const registry = await loaded();
  const save = store.save.bind(store);
  const { promise: waiting, resolve: taken } = Promise.withResolvers<void>();
  store.save = async (seen) => {
    await waiting;
    await save(seen);
  };
  try {
    await edit('acme/manifest.ts', "name: 'Acme'", "name: 'Acme Two'");
    const drop = registry.load();
    await db.dataSource.query(`update integration_templates set overrides = '{"name":"Ours"}' where plugin_id = 'acme'`);
    await registry.refresh();
    expect(registry.template('acme')?.name).toBe('Ours');
    taken();
    await drop;
    expect(registry.template('acme')?.name).toBe('Ours');
  } finally {
    taken();
    store.save = save;
  }
});

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { createLog } from '../log.ts';
import { GenerationStore } from './generation-store.ts';
import { Registry } from './registry.ts';
import { TemplateStore } from './template-store.ts';

let db: TestDatabase;
let dir: string;

beforeAll(async () => {
  db = await testDatabase();
  dir = await mkdtemp(join(tmpdir(), 'restart-'));
  await cp(join(import.meta.dirname, '__fixtures__', 'good'), dir, { recursive: true });
});
afterAll(async () => {
  await rm(dir, { recursive: true });
  await db.close();
});

/** As a host that has just started sees the folders. */
async function started(): Promise<Registry> {
  const [store, generations] = [new TemplateStore(db.dataSource), new GenerationStore(db.dataSource)];
  const registry = new Registry({ dirs: [dir], store, generations, log: createLog('silent') });
  await registry.load();
  return registry;
}

const change = (statement: string) => db.dataSource.query(`update plugin_generations set ${statement} where plugin_id = 'acme'`);
const kept = async () => (await db.dataSource.query(`select * from plugin_generations where plugin_id = 'acme'`))[0];

describe('a start after another', () => {
  let hash: string | undefined;

  beforeAll(async () => {
    hash = (await started()).require('acme').hash;
    // To be told from what would be made anew.
    await change(`code = replace(code, '"Acme"', '"Acme as kept"'), created_at = '2026-01-01'`);
  });

  it('runs what was made of the same content, so that nothing waits for it to be made again', async () => {
    const registry = await started();
    expect(registry.require('acme')).toMatchObject({ hash, generation: 1, plugin: { manifest: { name: 'Acme as kept' } } });
    expect(registry.template('soon')?.state).toBe('coming-soon');
    expect((await kept()).created_at).not.toEqual(new Date('2026-01-01'));
  });

  it('makes it anew where it does not run any more', async () => {
    const { code } = await kept();
    await change(`code = 'throw new Error()'`);
    expect((await started()).require('acme').plugin.manifest.name).toBe('Acme');
    expect((await kept()).code).not.toBe('throw new Error()');
    await db.dataSource.query(`update plugin_generations set code = $1 where plugin_id = 'acme'`, [code]);
  });

  it('makes it anew where another version of the hub has made it', async () => {
    await change(`made_by = 'another'`);
    expect((await started()).require('acme').plugin.manifest.name).toBe('Acme');
    expect(await kept()).toMatchObject({ hash, made_by: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await kept()).code).not.toContain('Acme as kept');
  });
});

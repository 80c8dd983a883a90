import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { testKeys, testProofs } from '../../tests/support/vault.ts';
import { createLog } from '../log.ts';
import { GenerationStore, type StoredGeneration } from './generation-store.ts';
import { Registry } from './registry.ts';
import { TemplateStore } from './template-store.ts';

let db: TestDatabase;
let dir: string;
const keys = testKeys();
const proofs = testProofs(keys);

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
async function started(under = proofs): Promise<Registry> {
  const [store, generations] = [new TemplateStore(db.dataSource), new GenerationStore(db.dataSource, under)];
  const registry = new Registry({ dirs: [dir], store, generations, log: createLog('silent') });
  await registry.load();
  return registry;
}

const nameOf = (registry: Registry) => registry.get('acme')?.plugin.manifest.name;
const change = (statement: string) => db.dataSource.query(`update plugin_generations set ${statement} where plugin_id = 'acme'`);
const kept = async () => (await db.dataSource.query(`select * from plugin_generations where plugin_id = 'acme'`))[0];

/** What this hub keeps next is another under the same hash, to be told from what is made anew. */
async function keep(change: (code: string) => Partial<StoredGeneration>): Promise<void> {
  const store = new GenerationStore(db.dataSource, proofs);
  const [one] = await store.latest('acme');
  if (!one) throw new Error('nothing is kept');
  await store.keep('acme', { ...one, ...change(one.code) });
}

const keepAs = (name: string) => keep((code) => ({ code: code.replace(/"Acme[^"]*"/, `"${name}"`) }));

describe('a start after another', () => {
  let hash: string | undefined;

  beforeAll(async () => {
    hash = (await started()).require('acme').hash;
    await keepAs('Acme as kept');
    await change(`created_at = '2026-01-01'`);
  });

  it('runs what was made of the same content, so that nothing waits for it to be made again', async () => {
    const registry = await started();
    expect(registry.require('acme')).toMatchObject({ hash, generation: 1, plugin: { manifest: { name: 'Acme as kept' } } });
    expect(registry.template('soon')?.state).toBe('coming-soon');
    expect((await kept()).created_at).not.toEqual(new Date('2026-01-01'));
  });

  it('makes it anew where it does not run any more', async () => {
    await keep(() => ({ code: 'throw new Error()' }));
    expect(nameOf(await started())).toBe('Acme');
    expect((await kept()).code).not.toBe('throw new Error()');
  });

  it('makes it anew where another version of the hub has made it', async () => {
    await keepAs('Acme as kept');
    await keep(() => ({ madeBy: 'another' }));
    expect(nameOf(await started())).toBe('Acme');
    expect(await kept()).toMatchObject({ hash, made_by: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect((await kept()).code).not.toContain('Acme as kept');
  });
});

describe('what somebody else wrote into the table', () => {
  beforeEach(() => keepAs('Acme as kept'));

  it.each([
    ['code', `code = replace(code, '"Acme as kept"', '"Not ours"')`],
    ['code of the simulator', `sandbox_code = 'throw new Error()'`],
    ['manifest', `manifest = manifest || '{"name":"Not ours"}'`],
    ['icon', `icon = '<svg onload="alert(1)"/>'`],
    ['proof of another generation', `proof = replace(proof, '.', '.A')`],
    ['row without a proof, as an earlier version kept it', 'proof = null'],
  ])('does not run at a start, and is made anew from the folder: a changed %s', async (_, statement) => {
    await change(statement);
    expect(nameOf(await started())).toBe('Acme');
    await keepAs('Acme as kept');
    expect(nameOf(await started())).toBe('Acme as kept');
  });

  it('does not run for another plugin, or for other content, than it was kept for', async () => {
    const store = new GenerationStore(db.dataSource, proofs);
    await db.dataSource.query(
      `insert into plugin_generations (plugin_id, hash, manifest, code, made_by, proof)
       select 'other', 'elsewhere', manifest, code, made_by, proof from plugin_generations where plugin_id = 'acme'`,
    );
    expect((await store.latest('other')).map(({ proven }) => proven)).toEqual([false]);
    expect((await store.latest('acme')).map(({ proven }) => proven)).toEqual([true]);
  });

  it('is not put back, with a sentence that says why', async () => {
    const registry = await started();
    const { hash } = await kept();
    await change('proof = null');
    await expect(registry.putBack('acme', hash)).rejects.toThrow(/carries no proof that this hub kept it.*cannot be put back/);
  });

  it('does not run in place of a folder that is broken', async () => {
    const entry = join(dir, 'acme', 'index.ts');
    const text = await readFile(entry, 'utf8');
    await writeFile(entry, 'export default ;\n');
    try {
      expect(nameOf(await started())).toBe('Acme as kept');
      await change(`code = replace(code, '"Acme as kept"', '"Not ours"')`);
      const registry = await started();
      expect(nameOf(registry)).toBeUndefined();
      expect(registry.template('acme')).toMatchObject({ state: 'failed', error: expect.stringContaining('acme/index.ts:1') });
    } finally {
      await writeFile(entry, text);
    }
  });
});

describe('the grade of what is kept', () => {
  const finding = { rule: 'P207', level: 'silver', message: 'Say what its limits are.', file: 'README.md' } as const;
  const noted = async () => {
    const [{ proven, grade, findings } = {}] = await new GenerationStore(db.dataSource, proofs).latest('acme');
    return { proven, grade, findings };
  };

  beforeEach(async () => {
    await keepAs('Acme as kept');
    const { hash } = await kept();
    await new GenerationStore(db.dataSource, proofs).noteGrade('acme', hash, { grade: 'bronze', findings: [finding] });
    expect(await noted()).toEqual({ proven: true, grade: 'bronze', findings: [finding] });
  });

  it.each([
    ['a better grade', `grade = 'gold'`],
    ['fewer findings', `findings = '[]'`],
  ])('is believed with its proof only: %s makes the whole count for nothing', async (_, statement) => {
    const registry = await started();
    await change(statement);
    expect(await noted()).toEqual({ proven: false, grade: null, findings: null });
    await expect(registry.putBack('acme', (await kept()).hash)).rejects.toThrow('cannot be put back');
  });

  it('outlives that the same is kept again, also by another version of the hub', async () => {
    await keep(() => ({ madeBy: 'another' }));
    expect(await noted()).toEqual({ proven: true, grade: 'bronze', findings: [finding] });
  });

  it('is none for another bundle under the same hash, which has to be graded anew', async () => {
    await keep((code) => ({ code: `${code}\n` }));
    expect(await noted()).toEqual({ proven: true, grade: null, findings: null });
  });

  it('is none where what was kept before is not proven', async () => {
    await change(`grade = 'gold'`);
    await keepAs('Acme as kept');
    expect(await noted()).toEqual({ proven: true, grade: null, findings: null });
  });

  it('is not noted for what somebody else wrote', async () => {
    await change(`code = 'throw new Error()'`);
    await new GenerationStore(db.dataSource, proofs).noteGrade('acme', (await kept()).hash, { grade: 'gold', findings: [] });
    expect((await noted()).proven).toBe(false);
  });

  it('is proven under a new key as it was', async () => {
    const rotated = new GenerationStore(db.dataSource, testProofs([...testKeys('next'), ...keys]));
    await rotated.proveAnew();
    expect((await kept()).proof).toMatch(/^next\./);
    expect((await rotated.latest('acme'))[0]).toMatchObject({ proven: true, grade: 'bronze' });
    await change('proof = null');
  });
});

describe('the keys of the hub', () => {
  const next = [...testKeys('next'), ...keys] as const;

  it('prove what was kept under any of them, and under the first from a rotation on', async () => {
    await started();
    await keepAs('Acme as kept');
    const rotated = new GenerationStore(db.dataSource, testProofs(next));
    expect((await rotated.latest('acme'))[0]?.proven).toBe(true);
    await change(`icon = '<svg/>'`);
    await rotated.proveAnew();
    expect((await rotated.latest('acme'))[0]?.proven).toBe(false);
    await keepAs('Acme as kept');
    await rotated.proveAnew();
    expect((await kept()).proof).toMatch(/^next\./);
    expect(nameOf(await started(testProofs(next.slice(0, 1))))).toBe('Acme as kept');
  });
});

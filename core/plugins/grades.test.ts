import { readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { testKeys, testProofs } from '../../tests/support/vault.ts';
import { until } from '../../tests/support/wait.ts';
import type { RingKey } from '../config.ts';
import { createLog } from '../log.ts';
import { GenerationStore } from './generation-store.ts';
import { GradeStore } from './grade-store.ts';
import { Grades } from './grades.ts';
import { Registry } from './registry.ts';
import type { Grade } from './rules.ts';
import { writePlugin } from './scaffold/scaffold.ts';
import { TemplateStore } from './template-store.ts';

const log = createLog('silent');
const keys: readonly RingKey[] = testKeys();
const proofs = testProofs(keys);
const home = await realpath(await mkdtemp(join(tmpdir(), 'grades-')));
let db: TestDatabase;
const open: Registry[] = [];

beforeAll(async () => {
  db = await testDatabase();
  await writePlugin(home, 'demo', { oauth: false, keys: true, webhooks: true, sync: true, actions: true });
});
afterAll(async () => {
  for (const registry of open) await registry.close();
  await db.close();
  await rm(home, { recursive: true });
});

function gradeStore(ring = keys): GradeStore {
  return new GradeStore(db.dataSource, testProofs(ring, 'plugin grade'));
}

/** A hub's registry, as after a start. */
function start(minimum: Grade = 'none', delayMs = 0): Registry {
  const generations = new GenerationStore(db.dataSource, proofs);
  const grades = new Grades({ store: gradeStore(), generations, log, minimum, delayMs });
  const registry = new Registry({ dirs: [home], store: new TemplateStore(db.dataSource), generations, grades, log });
  open.push(registry);
  return registry;
}

const stored = async () => (await db.dataSource.query('select * from plugin_grades'))[0];

async function change(file: string, edit: (text: string) => string): Promise<void> {
  const path = join(home, 'demo', file);
  await writeFile(path, edit(await readFile(path, 'utf8')));
}

describe('the grade of a plugin', () => {
  it('follows its loading, without anybody waiting for it', async () => {
    const registry = start();
    await registry.load();
    expect(registry.get('demo')).toBeDefined();
    await until(() => registry.template('demo')?.grade === 'gold', { what: 'the grade' });
    expect(registry.template('demo')?.findings).toEqual([]);
  });

  it('is computed again when the content changes, and tells what is missing', async () => {
    const registry = start();
    await change('README.md', (text) => text.replace('## Limits', '## Other things'));
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'bronze', { what: 'the grade' });
    expect(registry.template('demo')?.findings).toEqual([
      { rule: 'P207', level: 'silver', file: expect.stringMatching(/\/demo\/README\.md$/), message: expect.any(String) },
    ]);
  });

  it('is remembered over a restart', async () => {
    await gradeStore().save('demo', (await stored()).content_key, { grade: 'silver', findings: [] });
    const registry = start();
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'silver', { what: 'the grade' });
  });

  it.each([
    ['grade', `grade = 'gold'`],
    ['list of findings', `findings = '[{"rule":"P207"}]'`],
    ['grade without a proof, as an earlier version kept it', 'proof = null'],
    ['grade of another plugin', `proof = replace(proof, '.', '.A')`],
  ])('is computed again where somebody else wrote the %s', async (_, statement) => {
    await db.dataSource.query(`update plugin_grades set ${statement}`);
    const registry = start();
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'bronze', { what: 'the grade' });
    expect(registry.template('demo')?.findings).toMatchObject([{ rule: 'P207', level: 'silver' }]);
    expect(await stored()).toMatchObject({ grade: 'bronze', findings: [{ rule: 'P207', level: 'silver' }] });
  });

  it('is believed under any key of the hub, and under the first from a rotation on', async () => {
    const { content_key: key } = await stored();
    const next = [...testKeys('next'), ...keys];
    expect(await gradeStore(testKeys('next')).get('demo', key)).toBeUndefined();
    await gradeStore(next).proveAnew();
    expect(await gradeStore(next.slice(0, 1)).get('demo', key)).toMatchObject({ grade: 'bronze' });
    await db.dataSource.query('delete from plugin_grades');
  });

  it('keeps a plugin from being loaded where the operator asks for more, and says what to mend', async () => {
    const registry = start('silver');
    await registry.load();
    expect(registry.get('demo')).toBeUndefined();
    const template = registry.template('demo');
    expect(template).toMatchObject({ state: 'failed', findings: [{ rule: 'P207' }] });
    expect(template?.error).toMatch(
      /demo: has the grade bronze, and this hub asks for silver \(PLUGIN_MINIMUM_GRADE\); mend P207/,
    );
  });

  it('lets the plugin in once it is good enough', async () => {
    const registry = start('silver');
    await registry.load();
    await change('README.md', (text) => text.replace('## Other things', '## Limits'));
    await registry.load();
    expect(registry.get('demo')).toBeDefined();
    expect(registry.template('demo')).toMatchObject({ grade: 'gold', findings: [] });
  });

  it('stays that of the generation that runs, with the findings of the folder that cannot be loaded', async () => {
    const registry = start();
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'gold', { what: 'the grade' });
    await change('manifest.ts', (text) => text.replace('sdk: 1', 'sdk: 2'));
    await registry.load();
    expect(registry.template('demo')).toMatchObject({
      state: 'ready',
      grade: 'gold',
      findings: [{ rule: 'P006', level: 'error' }],
    });
  });
});

describe('the grade of a generation whose folder holds something else before it was graded', () => {
  const manifest = join(home, 'demo', 'manifest.ts');
  let sound = '';

  beforeAll(async () => {
    await change('manifest.ts', (text) => text.replace('sdk: 2', 'sdk: 1'));
    await db.dataSource.query('delete from plugin_generations');
    await db.dataSource.query('delete from plugin_grades');
    sound = readFileSync(manifest, 'utf8');
  });

  /** A registry that missed its turn to grade. */
  async function missed(): Promise<Registry> {
    const registry = start('none', 300);
    await registry.load();
    writeFileSync(manifest, `${sound}\n}`);
    expect(registry.template('demo')?.isBeingGraded).toBe(true);
    await until(() => registry.template('demo')?.isBeingGraded === false, { what: 'the turn' });
    return registry;
  }

  it('is not that of the other content, nor are its findings', async () => {
    const registry = await missed();
    expect(registry.template('demo')).toMatchObject({ state: 'ready', grade: undefined, findings: [] });
    expect(await registry.generations('demo')).toMatchObject([{ grade: null }]);
    await registry.load();
    expect(registry.template('demo')).toMatchObject({ grade: undefined, findings: [{ rule: 'P002' }] });
    expect(await db.dataSource.query('select 1 from plugin_grades')).toEqual([]);
    writeFileSync(manifest, sound);
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'gold', { what: 'the grade' });
    expect(await registry.generations('demo')).toMatchObject([{ grade: 'gold' }]);
  });

  it('comes when it is back, also where nobody saw it go', async () => {
    await db.dataSource.query('delete from plugin_grades');
    const registry = await missed();
    writeFileSync(manifest, sound);
    await registry.load();
    await until(() => registry.template('demo')?.grade === 'gold', { what: 'the grade' });
  });
});

describe('the grade of a kept generation', () => {
  let gold = '';
  let bronze = '';

  async function graded(registry: Registry, grade: Grade): Promise<string> {
    await registry.load();
    await until(async () => (await registry.generations('demo'))[0]?.grade === grade, { what: 'the grade' });
    return registry.template('demo')?.loaded?.hash ?? '';
  }

  beforeAll(async () => {
    await db.dataSource.query('delete from plugin_generations');
    const registry = start();
    gold = await graded(registry, 'gold');
    await change('README.md', (text) => text.replace('## Limits', '## Other things'));
    bronze = await graded(registry, 'bronze');
    await change('README.md', (text) => text.replace('## Other things', '## Limits'));
  });

  it('is kept with it, and shown when it is put back', async () => {
    const registry = start();
    await registry.load();
    await registry.putBack('demo', bronze);
    expect(registry.template('demo')).toMatchObject({ putBack: bronze, grade: 'bronze', findings: [{ rule: 'P207' }] });
    await registry.putBack('demo', undefined);
    await until(() => registry.template('demo')?.grade === 'gold', { what: 'the grade' });
  });

  it('keeps it from being put back where the operator asks for more', async () => {
    const registry = start('silver');
    await registry.load();
    await expect(registry.putBack('demo', bronze)).rejects.toThrow(
      `The generation ${bronze.slice(0, 12)} of demo has the grade bronze, and this hub asks for silver (PLUGIN_MINIMUM_GRADE); it cannot be put back.`,
    );
    await registry.putBack('demo', gold);
    expect(registry.template('demo')).toMatchObject({ state: 'ready', grade: 'gold' });
    await registry.putBack('demo', undefined);
  });

  it('ends a choice that was made before the operator asked for more', async () => {
    const before = start();
    await before.load();
    await before.putBack('demo', bronze);
    const registry = start('silver');
    await registry.load();
    expect(registry.template('demo')).toMatchObject({ grade: 'gold', putBack: undefined });
    await before.putBack('demo', undefined);
  });

  it('keeps it from standing in for a broken folder, too, and so does having none', async () => {
    await graded(start(), 'gold');
    await change('manifest.ts', (text) => text.replace('sdk: 1', 'sdk: 2'));
    const registry = start('silver');
    await registry.load();
    expect(registry.template('demo')).toMatchObject({ grade: 'gold', error: expect.stringContaining('sdk must be 1') });
    const generations = new GenerationStore(db.dataSource, proofs);
    for (const one of await generations.latest('demo')) await generations.keep('demo', { ...one, code: `${one.code}\n` });
    const next = start('silver');
    await next.load();
    expect(next.template('demo')).toMatchObject({ state: 'failed' });
    await expect(next.putBack('demo', gold)).rejects.toThrow('has no grade, and this hub asks for silver');
  });
});

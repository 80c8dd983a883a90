import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { readConfig } from '../../core/config.ts';
import { createDataSource } from '../../core/database/data-source.ts';
import { createLog } from '../../core/log.ts';
import { GenerationStore, type StoredGeneration } from '../../core/plugins/generation-store.ts';
import { GradeStore } from '../../core/plugins/grade-store.ts';
import { Grades } from '../../core/plugins/grades.ts';
import { Registry } from '../../core/plugins/registry.ts';
import type { Graded } from '../../core/plugins/rules.ts';
import { TemplateStore } from '../../core/plugins/template-store.ts';
import { atDatabase, onServer, testEnv } from './test-server.ts';
import { testProofs } from './vault.ts';
import { until } from './wait.ts';

const ROOT = join(import.meta.dirname, '../..');
/** From one run to the next. What is in it counts only for the very content it was made of, as in a hub's database. */
const FILE = join(ROOT, 'node_modules', '.cache', 'patchbay-tests', 'plugins.json');

interface Kept {
  readonly generations: readonly (StoredGeneration & { readonly id: string })[];
  readonly grades: readonly (Graded & { readonly id: string; readonly key: string })[];
}

/**
 * A migrated database in which a hub has bundled and graded the shipped plugins before: what is cloned from it starts as a
 * hub starts again, and no hub of a run does that work anew. The first who asks makes it, in about 20 s where it was never
 * made before; others wait.
 * @returns its name
 */
export async function templateWithPlugins(): Promise<string> {
  const { PATCHBAY_TEST_SERVER: server = '', PATCHBAY_TEST_TEMPLATE: template = '' } = testEnv;
  const name = `${template}_plugins`;
  const isThere = async (): Promise<boolean> =>
    (await onServer(server, 'select from pg_database where datname = $1', [name])).length > 0;
  if (await isThere()) return name;
  // No pool: it would end a connection that is idle for long, and with it the lock.
  const lock = new Client({ connectionString: server });
  await lock.connect();
  try {
    await lock.query('select pg_advisory_lock(hashtext($1))', [name]);
    if (await isThere()) return name;
    const making = `${name}_making`;
    await onServer(server, `drop database if exists ${making}`);
    await onServer(server, `create database ${making} template ${template}`);
    await fill(atDatabase(server, making));
    await onServer(server, `alter database ${making} rename to ${name}`);
    return name;
  } finally {
    await lock.end();
  }
}

async function fill(url: string): Promise<void> {
  const dataSource = await createDataSource({ url, entities: [], poolSize: 4 }).initialize();
  const log = createLog('error');
  const { keys } = readConfig({ HUB_KEYS: testEnv.PATCHBAY_TEST_RING ?? '' });
  const generations = new GenerationStore(dataSource, testProofs(keys));
  const grades = new GradeStore(dataSource, testProofs(keys, 'plugin grade'));
  await restore(generations, grades);
  const registry = new Registry({
    ...{ dirs: [join(ROOT, 'plugins')], store: new TemplateStore(dataSource), generations, log },
    grades: new Grades({ store: grades, generations, log, delayMs: 0 }),
  });
  try {
    await registry.load();
    const isGraded = () => registry.templates().every(({ isBeingGraded }) => !isBeingGraded);
    await until(isGraded, { what: 'the shipped plugins to be graded', withinMs: 300_000 });
    // Where nobody may write, the next run does this work again.
    await save(dataSource).catch(() => undefined);
    // A hub with other plugins would show these as gone.
    await dataSource.query('delete from integration_templates');
  } finally {
    await registry.close();
    await dataSource.destroy();
  }
}

async function restore(generations: GenerationStore, grades: GradeStore): Promise<void> {
  const kept = await readFile(FILE, 'utf8').then(
    (text) => JSON.parse(text) as Kept,
    () => undefined,
  );
  for (const { id, ...one } of kept?.generations ?? []) await generations.keep(id, one);
  for (const { id, key, ...graded } of kept?.grades ?? []) await grades.save(id, key, graded);
}

async function save(dataSource: DataSource): Promise<void> {
  const kept = {
    generations: await dataSource.query(
      `select plugin_id as id, hash, manifest, code, sandbox_code as "sandboxCode", icon, made_by as "madeBy"
         from plugin_generations order by created_at, hash`,
    ),
    grades: await dataSource.query('select plugin_id as id, content_key as key, grade, findings from plugin_grades order by 1'),
  } satisfies Kept;
  await mkdir(dirname(FILE), { recursive: true });
  const whole = `${FILE}.${process.pid}`;
  await writeFile(whole, JSON.stringify(kept));
  await rename(whole, FILE);
}

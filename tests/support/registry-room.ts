import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog } from '../../core/log.ts';
import { Registry } from '../../core/plugins/registry.ts';
import { TemplateStore } from '../../core/plugins/template-store.ts';
import { hubError } from '../../core/sdk/index.ts';
import { type TestDatabase, testDatabase } from './database.ts';

export const FIXTURES = join(import.meta.dirname, '../../core/plugins/__fixtures__');

/** Registries over a copy of the good fixtures, which `fresh` makes anew, in one database. */
export class RegistryRoom {
  readonly db: TestDatabase;
  readonly store: TemplateStore;
  /** Of the copy; set by `fresh`. */
  dir = '';

  private constructor(db: TestDatabase) {
    this.db = db;
    this.store = new TemplateStore(db.dataSource);
  }

  static async open(): Promise<RegistryRoom> {
    return new RegistryRoom(await testDatabase());
  }

  async fresh(): Promise<void> {
    await this.db.dataSource.query('delete from integration_templates');
    await this.clear();
    this.dir = await mkdtemp(join(tmpdir(), 'registry-'));
    await cp(join(FIXTURES, 'good'), this.dir, { recursive: true });
  }

  /** A registry that has loaded these folders. Default: the copy. */
  async loaded(...dirs: string[]): Promise<Registry> {
    const registry = new Registry({ dirs: dirs.length > 0 ? dirs : [this.dir], store: this.store, log: createLog('silent') });
    await registry.load();
    return registry;
  }

  /** Replaces the first such text in a file of the copy. */
  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.dir, file);
    await writeFile(path, (await readFile(path, 'utf8')).replace(from, to));
  }

  async close(): Promise<void> {
    await this.clear();
    await this.db.close();
  }

  private async clear(): Promise<void> {
    if (this.dir) await rm(this.dir, { recursive: true });
  }
}

/** Of the error it throws; undefined when it throws none of the hub's. */
export function codeOf(run: () => unknown): string | undefined {
  try {
    run();
  } catch (error) {
    return hubError(error)?.code;
  }
  return undefined;
}

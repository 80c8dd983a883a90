import type { DataSource } from 'typeorm';
import { inTransaction, sqlOf } from '../database/transaction.ts';
import type { ComingSoonManifest, Manifest } from '../sdk/index.ts';
import { writtenFindings } from './grade-store.ts';
import type { Finding, Grade, Graded } from './rules.ts';

/** A generation of a plugin that passed every check once, bundled. */
export interface StoredGeneration {
  readonly hash: string;
  readonly manifest: Manifest | ComingSoonManifest;
  readonly code: string;
  readonly sandboxCode: string | null;
  readonly icon: string | null;
  /** Names the code of ours that bundled and checked it; null for what was kept before that was noted. */
  readonly madeBy: string | null;
}

/** The same as it is read: null until it was graded, which happens a moment after it was loaded. */
export interface KeptGeneration extends StoredGeneration {
  readonly grade: Grade | null;
  readonly findings: readonly Finding[] | null;
}

/** What an operator may put back. */
export interface GenerationView {
  readonly hash: string;
  /** When it was last made or put in place. */
  readonly createdAt: Date;
  readonly grade: Grade | null;
}

const KEPT = 5;
const COLUMNS = 'hash, manifest, code, sandbox_code as "sandboxCode", icon, made_by as "madeBy", grade, findings';

/** The `plugin_generations` table: the last {@link KEPT} good ones of each plugin. Not a tenant's, so no store in its queries. */
export class GenerationStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async keep(pluginId: string, one: StoredGeneration): Promise<void> {
    await inTransaction(this.#dataSource, async (sql) => {
      await sql.query(
        `insert into plugin_generations (plugin_id, hash, manifest, code, sandbox_code, icon, made_by)
         values ($1, $2, $3::jsonb, $4, $5, $6, $7)
         on conflict (plugin_id, hash) do update set created_at = now(), manifest = excluded.manifest, code = excluded.code,
           sandbox_code = excluded.sandbox_code, icon = excluded.icon, made_by = excluded.made_by`,
        [pluginId, one.hash, JSON.stringify(one.manifest), one.code, one.sandboxCode, one.icon, one.madeBy],
      );
      await sql.query(
        `delete from plugin_generations where plugin_id = $1 and hash not in
           (select hash from plugin_generations where plugin_id = $1 order by created_at desc, hash limit ${KEPT})`,
        [pluginId],
      );
    });
  }

  /** It was put in place once more. */
  async again(pluginId: string, hash: string): Promise<void> {
    await sqlOf(this.#dataSource).query('update plugin_generations set created_at = now() where plugin_id = $1 and hash = $2', [
      pluginId,
      hash,
    ]);
  }

  /** Nothing happens for one that is not kept. */
  async noteGrade(pluginId: string, hash: string, { grade, findings }: Graded): Promise<void> {
    await sqlOf(this.#dataSource).query(
      'update plugin_generations set grade = $3, findings = $4 where plugin_id = $1 and hash = $2',
      [pluginId, hash, grade, writtenFindings(findings)],
    );
  }

  /** The latest first. */
  list(pluginId: string): Promise<GenerationView[]> {
    return sqlOf(this.#dataSource).query<GenerationView>(
      `select hash, created_at as "createdAt", grade from plugin_generations where plugin_id = $1 order by created_at desc, hash`,
      [pluginId],
    );
  }

  async get(pluginId: string, hash: string): Promise<KeptGeneration | undefined> {
    const [row] = await sqlOf(this.#dataSource).query<KeptGeneration>(
      `select ${COLUMNS} from plugin_generations where plugin_id = $1 and hash = $2`,
      [pluginId, hash],
    );
    return row;
  }

  /** The latest first. */
  latest(pluginId: string): Promise<KeptGeneration[]> {
    return sqlOf(this.#dataSource).query<KeptGeneration>(
      `select ${COLUMNS} from plugin_generations where plugin_id = $1 order by created_at desc, hash`,
      [pluginId],
    );
  }
}

import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import type { ComingSoonManifest, Manifest } from '../sdk/index.ts';
import { writtenFindings } from './grade-store.ts';
import { canonicalJson, type Proofs } from './proofs.ts';
import { type Finding, type Grade, type Graded, RULES_VERSION } from './rules.ts';

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

/** The same as it is read: null until it was graded by the rules of now, which happens a moment after it was loaded. */
export interface KeptGeneration extends StoredGeneration {
  /** Was it this hub that kept it? Whoever can write the table could have put it there; only what is proven may run. */
  readonly proven: boolean;
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
const COLUMNS = 'hash, manifest, code, sandbox_code as "sandboxCode", icon, made_by as "madeBy", grade, findings, proof';

type Row = Omit<KeptGeneration, 'proven'> & { readonly proof: string | null };

/** The `plugin_generations` table: the last {@link KEPT} good ones of each plugin. Not a tenant's, so no store in its queries. */
export class GenerationStore {
  readonly #dataSource: DataSource;
  readonly #proofs: Proofs;

  constructor(dataSource: DataSource, proofs: Proofs) {
    this.#dataSource = dataSource;
    this.#proofs = proofs;
  }

  /** One that is kept already and is the same keeps its grade. */
  async keep(pluginId: string, one: StoredGeneration): Promise<void> {
    await inTransaction(this.#dataSource, async (sql) => {
      const before = await this.#locked(sql, pluginId, one.hash);
      const graded =
        before?.grade && isSame(before, one) ? { ...one, grade: before.grade, findings: before.findings } : undefined;
      await sql.query(
        `insert into plugin_generations (plugin_id, hash, manifest, code, sandbox_code, icon, made_by, proof)
         values ($1, $2, $3::jsonb, $4, $5, $6, $7, $8)
         on conflict (plugin_id, hash) do update set created_at = now(), manifest = excluded.manifest, code = excluded.code,
           sandbox_code = excluded.sandbox_code, icon = excluded.icon, made_by = excluded.made_by,
           proof = excluded.proof`,
        [
          ...[pluginId, one.hash, JSON.stringify(one.manifest), one.code, one.sandboxCode, one.icon, one.madeBy],
          this.#proofs.prove(graded ? gradedParts(pluginId, graded) : provenParts(pluginId, one)),
        ],
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

  /** Nothing happens for one that is not kept, or that others wrote. */
  async noteGrade(pluginId: string, hash: string, { grade, findings }: Graded): Promise<void> {
    const written = writtenFindings(findings);
    await inTransaction(this.#dataSource, async (sql) => {
      const one = await this.#locked(sql, pluginId, hash);
      if (!one?.proven) return;
      const graded = { ...one, grade, findings: JSON.parse(written) as Finding[] };
      await sql.query('update plugin_generations set grade = $3, findings = $4, proof = $5 where plugin_id = $1 and hash = $2', [
        pluginId,
        hash,
        grade,
        written,
        this.#proofs.prove(gradedParts(pluginId, graded)),
      ]);
    });
  }

  /** The latest first. */
  async list(pluginId: string): Promise<GenerationView[]> {
    return (await this.latest(pluginId)).map(({ hash, createdAt, grade }) => ({ hash, createdAt, grade }));
  }

  async get(pluginId: string, hash: string): Promise<KeptGeneration | undefined> {
    const [row] = await sqlOf(this.#dataSource).query<Row>(
      `select ${COLUMNS} from plugin_generations where plugin_id = $1 and hash = $2`,
      [pluginId, hash],
    );
    return row && this.#examined(pluginId, row);
  }

  /** The latest first. */
  async latest(pluginId: string): Promise<(KeptGeneration & Pick<GenerationView, 'createdAt'>)[]> {
    const rows = await sqlOf(this.#dataSource).query<Row & Pick<GenerationView, 'createdAt'>>(
      `select ${COLUMNS}, created_at as "createdAt" from plugin_generations where plugin_id = $1 order by created_at desc, hash`,
      [pluginId],
    );
    return rows.map((row) => this.#examined(pluginId, row));
  }

  /** Proves anew, under the key that seals now, what was proven under another. */
  async proveAnew(): Promise<void> {
    const sql = sqlOf(this.#dataSource);
    const rows = await sql.query<{ id: string; hash: string; proof: string }>(
      'select plugin_id as id, hash, proof from plugin_generations where proof is not null order by 1, 2',
    );
    for (const { id, hash, proof } of rows) {
      const one = this.#proofs.isCurrent(proof) ? undefined : await this.get(id, hash);
      if (!one?.proven) continue;
      await sql.query('update plugin_generations set proof = $4 where plugin_id = $1 and hash = $2 and proof = $3', [
        ...[id, hash, proof],
        this.#proofs.prove(one.grade ? gradedParts(id, one) : provenParts(id, one)),
      ]);
    }
  }

  async #locked(sql: Sql, pluginId: string, hash: string): Promise<KeptGeneration | undefined> {
    const [row] = await sql.query<Row>(
      `select ${COLUMNS} from plugin_generations where plugin_id = $1 and hash = $2 for update`,
      [pluginId, hash],
    );
    return row && this.#examined(pluginId, row);
  }

  /** A grade that is not proven, or by other rules than now, counts for none. */
  #examined<R extends Row>(pluginId: string, { proof, ...one }: R) {
    if (this.#proofs.isProven(gradedParts(pluginId, one), proof)) return { ...one, proven: true };
    return { ...one, grade: null, findings: null, proven: this.#proofs.isProven(provenParts(pluginId, one), proof) };
  }
}

/** Everything of it that runs or is shown. */
function provenParts(pluginId: string, one: StoredGeneration): (string | null)[] {
  return [pluginId, one.hash, canonicalJson(one.manifest), one.code, one.sandboxCode, one.icon, one.madeBy];
}

/** But for the code of ours that made it: what is graded is the folder. */
function isSame(one: StoredGeneration, other: StoredGeneration): boolean {
  const parts = (generation: StoredGeneration) => JSON.stringify(provenParts('', { ...generation, madeBy: null }));
  return parts(one) === parts(other);
}

function gradedParts(pluginId: string, one: StoredGeneration & Pick<KeptGeneration, 'grade' | 'findings'>): (string | null)[] {
  return [...provenParts(pluginId, one), one.grade, canonicalJson(one.findings), String(RULES_VERSION)];
}

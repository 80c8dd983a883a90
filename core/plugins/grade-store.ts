import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { canonicalJson, type Proofs } from './proofs.ts';
import type { Graded } from './rules.ts';

type Row = Graded & { readonly id: string; readonly key: string; readonly proof: string | null };

const COLUMNS = 'plugin_id as id, content_key as key, grade, findings, proof';

/** The `plugin_grades` table: not a tenant's, so no store in its queries. */
export class GradeStore {
  readonly #sql: Sql;
  readonly #proofs: Proofs;

  constructor(dataSource: DataSource, proofs: Proofs) {
    this.#sql = sqlOf(dataSource);
    this.#proofs = proofs;
  }

  /** What this hub said of exactly this content; undefined also for what others wrote. */
  async get(id: string, key: string): Promise<Graded | undefined> {
    const [row] = await this.#sql.query<Row>(`select ${COLUMNS} from plugin_grades where plugin_id = $1 and content_key = $2`, [
      id,
      key,
    ]);
    return row && this.#isProven(row) ? { grade: row.grade, findings: row.findings } : undefined;
  }

  async save(id: string, key: string, { grade, findings }: Graded): Promise<void> {
    const written = writtenFindings(findings);
    const row = { id, key, grade, findings: JSON.parse(written) as Graded['findings'] };
    await this.#sql.query(
      `insert into plugin_grades (plugin_id, content_key, grade, findings, proof) values ($1, $2, $3, $4, $5)
       on conflict (plugin_id) do update set content_key = excluded.content_key, grade = excluded.grade,
         findings = excluded.findings, proof = excluded.proof, graded_at = now()`,
      [id, key, grade, written, this.#proofs.prove(provenParts(row))],
    );
  }

  /** Proves anew, under the key that seals now, what was proven under another. */
  async proveAnew(): Promise<void> {
    for (const row of await this.#sql.query<Row>(`select ${COLUMNS} from plugin_grades where proof is not null order by 1`)) {
      if (this.#proofs.isCurrent(row.proof) || !this.#isProven(row)) continue;
      await this.#sql.query('update plugin_grades set proof = $3 where plugin_id = $1 and proof = $2', [
        ...[row.id, row.proof],
        this.#proofs.prove(provenParts(row)),
      ]);
    }
  }

  #isProven(row: Row): boolean {
    return this.#proofs.isProven(provenParts(row), row.proof);
  }
}

function provenParts({ id, key, grade, findings }: Omit<Row, 'proof'>): string[] {
  return [id, key, grade, canonicalJson(findings)];
}

/** A text in jsonb takes no NUL, and a plugin's own message may hold anything. */
export function writtenFindings(findings: Graded['findings']): string {
  return JSON.stringify(findings).replaceAll('\\u0000', '');
}

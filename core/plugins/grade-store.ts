import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';
import type { Graded } from './rules.ts';

/** The `plugin_grades` table: not a tenant's, so no store in its queries. */
export class GradeStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** What was said of exactly this content. */
  async get(id: string, key: string): Promise<Graded | undefined> {
    const [found] = await this.#sql.query<Graded>(
      'select grade, findings from plugin_grades where plugin_id = $1 and content_key = $2',
      [id, key],
    );
    return found;
  }

  async save(id: string, key: string, { grade, findings }: Graded): Promise<void> {
    await this.#sql.query(
      `insert into plugin_grades (plugin_id, content_key, grade, findings) values ($1, $2, $3, $4)
       on conflict (plugin_id) do update
         set content_key = excluded.content_key, grade = excluded.grade, findings = excluded.findings, graded_at = now()`,
      [id, key, grade, writtenFindings(findings)],
    );
  }
}

/** A text in jsonb takes no NUL, and a plugin's own message may hold anything. */
export function writtenFindings(findings: Graded['findings']): string {
  return JSON.stringify(findings).replaceAll('\\u0000', '');
}

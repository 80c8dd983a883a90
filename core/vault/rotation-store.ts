import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** How far the ciphertexts have been brought under one key. */
export interface RotationState {
  readonly id: string;
  readonly kid: string;
  /** Ciphertexts that were under other keys. */
  readonly total: number;
  readonly done: number;
  /** Ciphertexts that no key of the ring opens. */
  readonly unreadable: number;
  readonly startedAt: Date;
  readonly progressAt: Date;
  readonly finishedAt: Date | null;
}

const COLUMNS = `id, kid, total, done, unreadable, started_at as "startedAt", progress_at as "progressAt", finished_at as "finishedAt"`;
/** A rotation that nobody has brought further for this long has lost its process. */
const ABANDONED = `interval '60 seconds'`;

/** The `vault_rotations` table. */
export class RotationStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** A new one, or the one that was begun for this key and never finished. */
  async begin(kid: string, left: number): Promise<RotationState> {
    const [row] = await this.#sql.query<RotationState>(
      `insert into vault_rotations as r (id, kid, total) values ($1, $2, $3)
       on conflict (kid) where finished_at is null do update set total = r.done + $3, progress_at = now() returning ${COLUMNS}`,
      [v7(), kid, left],
    );
    return row as RotationState;
  }

  async progress(id: string, { done, unreadable }: { done: number; unreadable: number }): Promise<RotationState> {
    const [row] = await this.#sql.query<RotationState>(
      `update vault_rotations set done = done + $2, total = greatest(total, done + $2), unreadable = $3, progress_at = now()
       where id = $1 returning ${COLUMNS}`,
      [id, done, unreadable],
    );
    return row as RotationState;
  }

  async finish(id: string): Promise<RotationState> {
    const [row] = await this.#sql.query<RotationState>(
      `update vault_rotations set finished_at = now(), progress_at = now(), done = total - unreadable where id = $1 returning ${COLUMNS}`,
      [id],
    );
    return row as RotationState;
  }

  /** One to this key whose process has died: it is the caller's from now on. */
  async takeAbandoned(kid: string): Promise<RotationState | undefined> {
    const [row] = await this.#sql.query<RotationState>(
      `update vault_rotations set progress_at = now()
       where kid = $1 and finished_at is null and progress_at < now() - ${ABANDONED} returning ${COLUMNS}`,
      [kid],
    );
    return row;
  }

  async last(): Promise<RotationState | undefined> {
    const [row] = await this.#sql.query<RotationState>(`select ${COLUMNS} from vault_rotations order by started_at desc limit 1`);
    return row;
  }
}

import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** One call of one caller: the same key with anything else is a mistake. */
export interface Claim {
  readonly caller: string;
  readonly key: string;
  readonly fingerprint: string;
  /** Of whoever works on it. */
  readonly holder: string;
}

export interface KeptAnswer {
  readonly fingerprint: string;
  /** Null while it is worked on. */
  readonly answer: string | null;
}

/** Longer than any call takes: one whose process died may be begun again then. */
const HELD_SECONDS = 120;
const KEPT = `interval '24 hours'`;

/** What callers asked for under an `Idempotency-Key`, for 24 hours; answers are sealed by who writes them. */
export class IdempotencyKeyStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** @returns true when `claim.holder` is the one to do it */
  async claim({ caller, key, fingerprint, holder }: Claim): Promise<boolean> {
    const rows = await this.#sql.query(
      `insert into idempotency_keys (caller, key, fingerprint, holder, held_until)
       values ($1, $2, $3, $4, now() + ${HELD_SECONDS} * interval '1 second')
       on conflict (caller, key) do update set fingerprint = excluded.fingerprint, holder = excluded.holder,
         held_until = excluded.held_until, answer = null, created_at = now()
       where idempotency_keys.created_at < now() - ${KEPT}
         or (idempotency_keys.answer is null and idempotency_keys.held_until < now()) returning key`,
      [caller, key, fingerprint, holder],
    );
    return rows.length > 0;
  }

  async find(caller: string, key: string): Promise<KeptAnswer | undefined> {
    const [row] = await this.#sql.query<KeptAnswer>(
      'select fingerprint, answer from idempotency_keys where caller = $1 and key = $2',
      [caller, key],
    );
    return row;
  }

  async keep({ caller, key, holder }: Claim, answer: string): Promise<void> {
    await this.#sql.query(`delete from idempotency_keys where created_at < now() - ${KEPT}`);
    await this.#sql.query('update idempotency_keys set answer = $4 where caller = $1 and key = $2 and holder = $3', [
      caller,
      key,
      holder,
      answer,
    ]);
  }

  /** It did not come to anything: the key is free again. */
  async letGo({ caller, key, holder }: Claim): Promise<void> {
    await this.#sql.query('delete from idempotency_keys where caller = $1 and key = $2 and holder = $3 and answer is null', [
      caller,
      key,
      holder,
    ]);
  }
}

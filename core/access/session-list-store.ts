import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

/** A browser that is signed in; `id` names it without being worth anything. */
export interface OpenSession {
  readonly id: string;
  readonly ip: string | undefined;
  readonly agent: string | undefined;
  readonly startedAt: Date | undefined;
  readonly usedAt: Date | undefined;
}

interface Row {
  readonly sid: string;
  readonly sess: { ip?: string; agent?: string; startedAt?: number; renewedAt?: number };
}

/** Who is signed in where; the sessions themselves are the web room's. */
export class SessionListStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Of a user; the one used last comes first. */
  async list(userId: string): Promise<OpenSession[]> {
    const rows = await this.#rows(userId);
    return rows
      .map(({ sid, sess: { ip, agent, startedAt, renewedAt } }) => ({
        id: sessionName(sid),
        ip,
        agent,
        startedAt: dateOf(startedAt),
        usedAt: dateOf(renewedAt),
      }))
      .sort((one, other) => (other.usedAt?.getTime() ?? 0) - (one.usedAt?.getTime() ?? 0));
  }

  /** Ends one of a user's. False when there is no such session. */
  async end(userId: string, id: string): Promise<boolean> {
    const found = (await this.#rows(userId)).find(({ sid }) => sessionName(sid) === id);
    if (found) await this.#sql.query('delete from sessions where sid = $1', [found.sid]);
    return found !== undefined;
  }

  #rows(userId: string): Promise<Row[]> {
    return this.#sql.query<Row>(`select sid, sess from sessions where sess ->> 'userId' = $1 and expire > now()`, [userId]);
  }
}

/** Names a session where its id itself must not be written down. */
export function sessionName(sid: string): string {
  return createHash('sha256').update(sid).digest('base64url');
}

function dateOf(ms: number | undefined): Date | undefined {
  return ms === undefined ? undefined : new Date(ms);
}

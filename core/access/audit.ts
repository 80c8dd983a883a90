import { v7 } from 'uuid';
import type { Sql } from '../database/transaction.ts';
import type { Principal } from './principal.ts';

export interface AuditEntry {
  readonly storeId?: string | undefined;
  readonly principal?: Principal | undefined;
  /** Who did it, where no principal did: `system`, `cli`, `plugin:acme`. */
  readonly actor?: string;
  /** `integration.connect`, `api-key.create`, `credential.read`, … */
  readonly action: string;
  /** What it was done to, mostly an id. */
  readonly target?: string | undefined;
  /** Names and facts; never a secret. */
  readonly detail?: Readonly<Record<string, unknown>>;
  readonly ip?: string | undefined;
}

/** Who changed what, and who read a credential. */
export class Audit {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** With `sql` the entry is part of that transaction. */
  async record(entry: AuditEntry, sql: Sql = this.#sql): Promise<void> {
    const { storeId = null, principal, action, target = null, detail = {}, ip = null } = entry;
    await sql.query(
      'insert into audit_entries (id, store_id, user_id, actor, action, target, detail, ip) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [v7(), storeId, principal?.userId ?? null, entry.actor ?? actorOf(principal), action, target, JSON.stringify(detail), ip],
    );
  }
}

function actorOf(principal: Principal | undefined): string {
  if (!principal) return 'system';
  return principal.kind === 'api-key' ? `${principal.email} (api key ${principal.apiKeyId})` : principal.email;
}

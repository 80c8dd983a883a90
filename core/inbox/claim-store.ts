import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';

/** One event in the hands of one worker, until its lease ends. */
export interface Claim {
  readonly id: string;
  /** Fences every write: whoever claims the event later holds another. */
  readonly token: string;
  readonly storeId: string;
  readonly integrationId: string;
  readonly pluginId: string;
  readonly account: string | null;
  readonly eventId: string;
  readonly type: string;
  readonly object: string | null;
  readonly at: Date | null;
  readonly data: Record<string, unknown>;
  /** This one included. */
  readonly attempts: number;
  readonly receivedAt: Date;
}

/** What became of a claimed event; everything but `retry` is an end. */
export type Outcome =
  | { readonly kind: 'handled'; readonly reason?: string }
  | { readonly kind: 'parked' | 'dead'; readonly reason: string }
  | {
      readonly kind: 'retry';
      readonly reason: string;
      readonly afterSeconds: number;
      /** False: it was not the event's fault, the attempt is given back. */
      readonly counted: boolean;
    };

/** Another worker has the event now; nothing of ours may be written. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** The inbox table as a queue: claims across all stores, one object's events one after another. */
export class EventClaimStore {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /**
   * Up to `limit` events that are due: of each (integration, object) only the oldest one still pending, so an event that
   * waits for its retry holds back the later ones of its object and nothing else.
   */
  async claim(limit: number, leaseMs: number): Promise<Claim[]> {
    const claims = await sqlOf(this.#dataSource).query<Claim & { seq: string }>(
      `with heads as (
         select id from webhook_events e
         where state = 'pending' and run_after <= now() and (lease_until is null or lease_until <= now())
           and not exists (
             select 1 from webhook_events older where older.state = 'pending' and older.integration_id = e.integration_id
               and older.object = e.object and older.seq < e.seq)
         order by run_after, seq limit $1 for update skip locked)
       update webhook_events e set lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond', attempts = e.attempts + 1
       from heads where e.id = heads.id
       returning e.id, e.seq, e.lease_owner as token, e.store_id as "storeId", e.integration_id as "integrationId",
         e.plugin_id as "pluginId", e.account, e.event_id as "eventId", e.type, e.object, e.at, e.data, e.attempts,
         e.received_at as "receivedAt"`,
      [limit, randomUUID(), leaseMs],
    );
    return claims.sort((a, b) => Number(BigInt(a.seq) - BigInt(b.seq)));
  }

  /** Writes what became of the event. @throws LeaseLost */
  async settle(claim: Claim, outcome: Outcome): Promise<void> {
    await settle(sqlOf(this.#dataSource), claim, outcome);
  }

  /**
   * Marks the event handled in one transaction with whatever `effects` writes; what that returns is kept as the reason.
   * @throws LeaseLost when another worker has claimed it meanwhile; nothing is written then
   */
  async complete(claim: Claim, effects: (sql: Sql) => Promise<string | undefined>): Promise<void> {
    await inTransaction(this.#dataSource, async (sql) => {
      // First, because it locks the row (nobody can claim the event while its effects are written), and because effects
      // hold a lock others wait for.
      await settle(sql, claim, { kind: 'handled' });
      const reason = await effects(sql);
      if (reason === undefined) return;
      await sql.query('update webhook_events set reason = $3 where store_id = $1 and id = $2', [claim.storeId, claim.id, reason]);
    });
  }

  /** Parked events whose integration works again; they are released one by one integration by whoever finds them. */
  async releasable(): Promise<{ storeId: string; integrationId: string }[]> {
    return sqlOf(this.#dataSource).query(
      `select distinct e.store_id as "storeId", e.integration_id as "integrationId" from webhook_events e
       join integrations i on i.store_id = e.store_id and i.id = e.integration_id
       where e.state = 'parked' and i.status = 'active' and i.enabled`,
    );
  }
}

async function settle(sql: Sql, claim: Claim, outcome: Outcome): Promise<void> {
  const retry = outcome.kind === 'retry' ? outcome : undefined;
  const settled = await sql.query(
    `update webhook_events set state = $4, reason = $5, lease_owner = null, lease_until = null,
       handled_at = case when $4 = 'handled' then now() end,
       run_after = now() + $6 * interval '1 second', attempts = case when $7 then attempts else greatest(attempts - 1, 0) end
     where store_id = $1 and id = $2 and lease_owner = $3 and state = 'pending' returning id`,
    [
      claim.storeId,
      claim.id,
      claim.token,
      retry ? 'pending' : outcome.kind,
      outcome.reason ?? null,
      retry?.afterSeconds ?? 0,
      retry?.counted ?? true,
    ],
  );
  if (settled.length === 0) throw lost(claim);
}

function lost({ id }: Claim): LeaseLost {
  return new LeaseLost(`Another worker has taken over event ${id}.`);
}

import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inTransaction, type Sql, sqlOf } from '../database/transaction.ts';
import { type Verdict, worthTelling } from './audit-verdict.ts';

/** Stands for the entries of no store. */
export const NO_STORE = '00000000-0000-0000-0000-000000000000';
/** Of all hosts one seals at a time. */
const LOCK = 7_240_034;
const MOST_A_SEAL = 1000;
/** Seals read at a time when the chain is checked. */
const PIECE = 500;

/** Signs for the hub, with a key no database holds. */
export interface Signer {
  sign(text: string): { readonly kid: string; readonly mac: string };
  /** `unknown`: signed with a key that is no longer in the ring. */
  check(text: string, signed: { readonly kid: string; readonly mac: string }): 'right' | 'wrong' | 'unknown';
}

interface Seal {
  readonly number: string;
  readonly entries: number;
  readonly content: string;
  readonly previous: string;
  readonly hash: string;
  readonly kid: string;
  readonly mac: string;
  readonly dropped: boolean;
  readonly found: number;
  readonly now: string;
}

const SCOPE = `coalesce(e.store_id, '${NO_STORE}'::uuid)`;
/** In the words of Postgres, so that writing and checking cannot differ. */
const CONTENT = `encode(sha256(convert_to(coalesce(string_agg(jsonb_build_array(e.id, e.store_id, e.user_id, e.actor, e.action,
  e.target, e.detail, e.ip, extract(epoch from e.at))::text, E'\\n' order by e.id), ''), 'UTF8')), 'hex')`;

/**
 * The chain that shows a change of the log. Entries are sealed after they were committed: a chain made while writing would
 * have all transactions of a store wait for each other.
 */
export class AuditSealStore {
  readonly #dataSource: DataSource;
  readonly #signer: Signer;

  constructor(dataSource: DataSource, signer: Signer) {
    this.#dataSource = dataSource;
    this.#signer = signer;
  }

  /** Across all stores, for the worker: seals what is not sealed yet. @returns how many entries */
  async seal(): Promise<number> {
    const scopes = await sqlOf(this.#dataSource).query<{ id: string }>(
      `select distinct ${SCOPE} as id from audit_entries e where e.seal is null`,
    );
    let sealed = 0;
    for (const { id } of scopes) {
      for (let more = MOST_A_SEAL; more === MOST_A_SEAL; sealed += more) more = await this.#sealSome(id);
    }
    return sealed;
  }

  #sealSome(storeId: string): Promise<number> {
    return inTransaction(this.#dataSource, async (sql) => {
      const [lock] = await sql.query<{ got: boolean }>('select pg_try_advisory_xact_lock($1) as got', [LOCK]);
      if (!lock?.got) return 0;
      const [head] = await sql.query<{ number: string; hash: string }>(
        'select number, hash from audit_seals where store_id = $1 order by number desc limit 1',
        [storeId],
      );
      const number = String(BigInt(head?.number ?? 0) + 1n);
      const rows = await sql.query(
        `update audit_entries set seal = $2 where id = any(array(
           select e.id from audit_entries e where ${SCOPE} = $1 and e.seal is null order by e.id limit ${MOST_A_SEAL})) returning id`,
        [storeId, number],
      );
      if (rows.length > 0) await this.#keep(sql, { storeId, number, entries: rows.length, previous: head?.hash ?? '' });
      return rows.length;
    });
  }

  async #keep(sql: Sql, seal: { storeId: string; number: string; entries: number; previous: string }): Promise<void> {
    const { storeId, number, entries, previous } = seal;
    const [made] = await sql.query<{ content: string; last: Date }>(
      `select ${CONTENT} as content, max(e.at) as last from audit_entries e where ${SCOPE} = $1 and e.seal = $2`,
      [storeId, number],
    );
    const content = made?.content ?? '';
    const hash = hashOf(storeId, { number, entries, content, previous });
    const { kid, mac } = this.#signer.sign(hash);
    await sql.query(
      `insert into audit_seals (store_id, number, entries, last_at, content, previous, hash, kid, mac)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [storeId, number, entries, made?.last, content, previous, hash, kid, mac],
    );
  }

  /** @param storeId of a store, or {@link NO_STORE} */
  async verify(storeId: string): Promise<Verdict> {
    const faults: string[] = [];
    const sum = { entries: 0, dropped: 0, seals: 0 };
    let head: Seal | undefined;
    for await (const seal of this.#seals(storeId)) {
      faults.push(...this.#faultsOf(storeId, seal, head));
      sum.seals += 1;
      if (seal.dropped) sum.dropped += seal.entries;
      else sum.entries += seal.found;
      head = seal;
    }
    const [rest] = await sqlOf(this.#dataSource).query<{ loose: number; stray: number }>(
      `select count(*) filter (where e.seal is null)::integer as loose, count(*) filter (where e.seal > $2)::integer as stray
       from audit_entries e where ${SCOPE} = $1`,
      [storeId, head?.number ?? 0],
    );
    if (rest?.stray) faults.push(`${rest.stray} entries name a seal that is gone: the end of the chain was cut off.`);
    return {
      intact: faults.length === 0,
      ...sum,
      loose: rest?.loose ?? 0,
      head: head?.hash ?? null,
      faults: worthTelling(faults),
    };
  }

  /** Across all stores, for operators: whose log there is, or was. */
  async scopes(): Promise<string[]> {
    const rows = await sqlOf(this.#dataSource).query<{ id: string }>(
      `select store_id as id from audit_seals union select ${SCOPE} from audit_entries e where e.seal is not null order by 1`,
    );
    return rows.map(({ id }) => id);
  }

  /** Drops the entries of whole seals that are older; the seals stay, and so does the chain. @returns how many entries */
  async drop(storeId: string, before: Date): Promise<number> {
    let dropped = 0;
    for (;;) {
      const count = await inTransaction(this.#dataSource, async (sql) => {
        const [old] = await sql.query<{ number: string }>(
          `update audit_seals set dropped_at = now() where store_id = $1 and number = (
             select number from audit_seals where store_id = $1 and last_at < $2 and dropped_at is null order by number limit 1)
           returning number`,
          [storeId, before],
        );
        if (!old) return undefined;
        const rows = await sql.query(`delete from audit_entries e where ${SCOPE} = $1 and e.seal = $2 returning 1`, [
          storeId,
          old.number,
        ]);
        return rows.length;
      });
      if (count === undefined) return dropped;
      dropped += count;
    }
  }

  async *#seals(storeId: string): AsyncGenerator<Seal, void> {
    for (let after = '0'; ; ) {
      const seals = await sqlOf(this.#dataSource).query<Seal>(
        `select s.number, s.entries, s.content, s.previous, s.hash, s.kid, s.mac, s.dropped_at is not null as dropped,
           count(e.id)::integer as found, ${CONTENT} as now
         from (select * from audit_seals where store_id = $1 and number > $2 order by number limit ${PIECE}) s
           left join audit_entries e on ${SCOPE} = s.store_id and e.seal = s.number
         group by s.number, s.entries, s.content, s.previous, s.hash, s.kid, s.mac, s.dropped_at order by s.number`,
        [storeId, after],
      );
      yield* seals;
      const last = seals.at(-1);
      if (!last || seals.length < PIECE) return;
      after = last.number;
    }
  }

  #faultsOf(storeId: string, seal: Seal, before: Seal | undefined): string[] {
    const { number, entries, found, content, now, previous, hash, dropped } = seal;
    const faults: string[] = [];
    const say = (what: string) => faults.push(`Seal ${number}: ${what}`);
    if (BigInt(number) !== BigInt(before?.number ?? 0) + 1n) say('the seals before it are gone.');
    if (previous !== (before?.hash ?? '')) say('it does not follow from the one before it.');
    if (!dropped && found !== entries) say(`it was made of ${entries} entries, and ${found} are there.`);
    if (!dropped && found === entries && now !== content) say('an entry was changed after it was sealed.');
    if (dropped && found > 0) say(`${found} entries are there that were dropped.`);
    if (hash !== hashOf(storeId, seal)) say('it was changed itself.');
    else if (this.#signer.check(hash, seal) === 'wrong') say('it was not made by this hub.');
    return faults;
  }
}

function hashOf(storeId: string, seal: Pick<Seal, 'number' | 'entries' | 'content' | 'previous'>): string {
  const { number, entries, content, previous } = seal;
  return createHash('sha256')
    .update(JSON.stringify([storeId, String(number), entries, content, previous]))
    .digest('hex');
}

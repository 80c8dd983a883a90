import type { DataSource } from 'typeorm';
import { type Sql, sqlOf } from '../database/transaction.ts';

export const MODES = ['at-once', 'daily', 'off'] as const;
export type NoticeMode = (typeof MODES)[number];

/** Somebody who belongs to a store, and how they want to hear of it. */
export interface Recipient {
  readonly storeId: string;
  readonly userId: string;
  readonly email: string;
  /** The language they read in; null where nobody knows. */
  readonly locale: string | null;
  readonly storeName: string;
  readonly mode: NoticeMode;
  readonly toldUntil: Date;
  readonly mailedAt: Date | null;
}

/** When whoever is to be mailed now had their last mail at the latest. */
export interface MailedBefore {
  /** Null while it is no time for summaries. */
  readonly dailyBefore: Date | null;
  readonly otherwiseBefore: Date;
}

/** Owners are told unless they say otherwise; staff only when they say so. */
const MODE = `coalesce(c.mode, case m.role when 'owner' then 'at-once' else 'off' end)`;

const RECIPIENTS = `select m.store_id as "storeId", m.user_id as "userId", u.email, coalesce(u.locale, u.seen_locale) as locale, s.name as "storeName", ${MODE} as mode,
    coalesce(c.told_until, m.created_at) as "toldUntil", c.mailed_at as "mailedAt"
  from memberships m join users u on u.id = m.user_id and u.disabled_at is null join stores s on s.id = m.store_id
  left join notice_choices c on c.store_id = m.store_id and c.user_id = m.user_id`;

export class ChoiceStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = sqlOf(dataSource);
  }

  /** Undefined for somebody who does not belong to the store. */
  async modeOf(storeId: string, userId: string): Promise<NoticeMode | undefined> {
    const [row] = await this.#sql.query<{ mode: NoticeMode }>(
      `select ${MODE} as mode from memberships m
       left join notice_choices c on c.store_id = m.store_id and c.user_id = m.user_id
       where m.store_id = $1 and m.user_id = $2`,
      [storeId, userId],
    );
    return row?.mode;
  }

  async storeName(storeId: string): Promise<string | undefined> {
    const [row] = await this.#sql.query<{ name: string }>('select name from stores where id = $1', [storeId]);
    return row?.name;
  }

  /** False for somebody who does not belong to the store. */
  async choose(storeId: string, userId: string, mode: NoticeMode): Promise<boolean> {
    const rows = await this.#sql.query(
      `insert into notice_choices (store_id, user_id, mode, told_until)
       select store_id, user_id, $3, now() from memberships where store_id = $1 and user_id = $2
       on conflict (store_id, user_id) do update set mode = excluded.mode,
         -- What broke while they did not want to hear of it is not told now.
         told_until = case when notice_choices.mode = 'off' then now() else notice_choices.told_until end
       returning user_id`,
      [storeId, userId, mode],
    );
    return rows.length > 0;
  }

  /** Across all stores: those for whom there is something they have not been told, and who may be mailed now. */
  waiting(sql: Sql, { dailyBefore, otherwiseBefore }: MailedBefore): Promise<Recipient[]> {
    return sql.query(
      `${RECIPIENTS} where ${MODE} <> 'off'
       and coalesce(c.mailed_at, '-infinity') <= case when ${MODE} = 'daily' then $1 else $2 end::timestamptz and exists (select from incidents i where i.store_id = m.store_id
         and i.noted_at > coalesce(c.told_until, m.created_at) and (i.ended_at is null or ${MODE} = 'daily'))
       order by 1, 2 limit 1000`,
      [dailyBefore, otherwiseBefore],
    );
  }

  /** Who hears of everything in these stores at once. */
  ofStores(sql: Sql, storeIds: readonly string[]): Promise<Recipient[]> {
    return sql.query(`${RECIPIENTS} where m.store_id = any($1::uuid[]) and ${MODE} <> 'off' order by 1, 2`, [[...storeIds]]);
  }

  async told(sql: Sql, { storeId, userId }: Recipient, { until, at }: { until: Date; at: Date }): Promise<void> {
    await sql.query(
      `insert into notice_choices (store_id, user_id, told_until, mailed_at) values ($1, $2, $3, $4)
       on conflict (store_id, user_id) do update set told_until = greatest(notice_choices.told_until, excluded.told_until),
         mailed_at = excluded.mailed_at`,
      [storeId, userId, until, at],
    );
  }
}

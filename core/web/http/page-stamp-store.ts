import type { DataSource } from 'typeorm';
import { prepared } from '../../database/prepared.ts';
import type { Sql } from '../../database/transaction.ts';
import { CHANGES } from '../../integrations/change-stamp-store.ts';
import { AskedTogether } from './asked-together.ts';

export interface PageStamp {
  /** Another text after any change of the session, of whose it is, and of the stores they may see. */
  readonly person: string;
  /** As {@link ChangeStampStore} tells it; undefined where no store was named. */
  readonly store: string | undefined;
}

interface Row extends PageStamp {
  readonly at: number;
}

/** Whoever waits for it is served without it after a while. */
const LONGEST_MS = 5000;

/** Tells in one statement whether pages that were shown a moment ago would be the same now. */
export class PageStampStore {
  readonly #sql: Sql;
  readonly #together: AskedTogether<PageStamp | undefined>;

  constructor(dataSource: DataSource) {
    this.#sql = prepared(dataSource, 'page_stamps', LONGEST_MS);
    this.#together = new AskedTogether((keys) => this.#read(keys));
  }

  /** Undefined once the session is over. @param storeId the page is about */
  of(sid: string, storeId = ''): Promise<PageStamp | undefined> {
    return this.#together.ask(`${storeId} ${sid}`);
  }

  async #read(keys: readonly string[]): Promise<(PageStamp | undefined)[]> {
    const asked = keys.map((key) => key.split(' ', 2));
    const rows = await this.#sql.query<Row>(
      `select asked.at::int,
         concat_ws(' ', s.xmin, u.xmin, (select sum(hashtext(f.xmin::text)) from second_factors f where f.user_id = u.id), '',
           case when u.operator then (select sum(hashtext(st.id::text || st.xmin::text)) from stores st)
             else (select sum(hashtext(st.id::text || st.xmin::text || m.xmin::text))
                   from memberships m join stores st on st.id = m.store_id where m.user_id = u.id) end) as person,
         case when asked.store_id is not null then ${CHANGES} end as store
       from unnest($1::text[], $2::uuid[]) with ordinality asked (sid, store_id, at)
       join sessions s on s.sid = asked.sid and s.expire >= to_timestamp($3)
       join users u on u.id = (s.sess ->> 'userId')::uuid and u.disabled_at is null`,
      [asked.map(([, sid]) => sid), asked.map(([storeId]) => storeId || null), Date.now() / 1000],
    );
    const found = new Map(rows.map(({ at, ...stamp }) => [at, stamp]));
    return keys.map((_, at) => found.get(at + 1));
  }
}

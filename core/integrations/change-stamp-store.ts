import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.ts';
import type { Sql } from '../database/transaction.ts';

const ROWS = `coalesce(sum(hashtext(id::text || xmin::text)), 0)`;

/** An expression, of the store `asked.store_id`. */
export const CHANGES = `concat_ws(' ',
         (select ${ROWS} from integrations where store_id = asked.store_id),
         (select coalesce(sum(hashtext(integration_id::text || xmin::text)), 0) from credentials where store_id = asked.store_id),
         (select ${ROWS} from (select id, xmin from sync_runs where store_id = asked.store_id
            order by queued_at desc, id desc limit 20) latest),
         (select ${ROWS} from sync_runs where store_id = asked.store_id and status in ('queued', 'running')),
         (select coalesce(sum(hashtext(plugin_id)), 0) from plugin_wishes where store_id = asked.store_id),
         (select ${ROWS} from set_ups where store_id = asked.store_id)
       )`;

/** Tells cheaply whether anything has changed that the cards of a store show. */
export class ChangeStampStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = prepared(dataSource, 'change_stamp', 8000);
  }

  /** Another text after any change of a store's integrations, their credentials, their latest runs and set-ups, or what it waits for. */
  async of(storeId: string): Promise<string> {
    const [row] = await this.#sql.query<{ stamp: string }>(`select ${CHANGES} as stamp from (select $1::uuid) asked (store_id)`, [
      storeId,
    ]);
    return row?.stamp ?? '';
  }
}

import type { DataSource } from 'typeorm';
import { prepared } from '../database/prepared.ts';
import type { Sql } from '../database/transaction.ts';

const ROWS = `coalesce(sum(hashtext(id::text || xmin::text)), 0)`;

/** Tells cheaply whether anything has changed that the cards of a store show. */
export class ChangeStampStore {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = prepared(dataSource, 'change_stamp', 8000);
  }

  /** Another text after any change of a store's integrations, their credentials, their latest runs, or what it waits for. */
  async of(storeId: string): Promise<string> {
    const [row] = await this.#sql.query<{ stamp: string }>(
      `select concat_ws(' ',
         (select ${ROWS} from integrations where store_id = $1),
         (select coalesce(sum(hashtext(integration_id::text || xmin::text)), 0) from credentials where store_id = $1),
         (select ${ROWS} from (select id, xmin from sync_runs where store_id = $1 order by queued_at desc, id desc limit 20) latest),
         (select coalesce(sum(hashtext(plugin_id)), 0) from plugin_wishes where store_id = $1)
       ) as stamp`,
      [storeId],
    );
    return row?.stamp ?? '';
  }
}

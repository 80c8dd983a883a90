import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FleetStore } from './fleet-store.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());

describe('how stores fare', () => {
  it('is told of those that fare worst, with how many more there are, and of every plugin', async () => {
    await db.dataSource.query(
      `with made as (insert into stores (id, slug, name) select gen_random_uuid(), 's' || n, 's' || n from generate_series(1, 60) n
         returning id, slug)
       insert into integrations (store_id, id, plugin_id, name, status, method, webhook_key)
       select id, gen_random_uuid(), slug, slug, case slug when 's60' then 'error' else 'active' end, 'manual', slug from made`,
    );
    const fleet = new FleetStore(db.dataSource);
    const { figures, more } = await fleet.byStore(30);
    expect([figures.length, figures[0]?.name, more]).toEqual([50, 's60', 10]);
    expect(await fleet.byPlugin(30)).toHaveLength(60);
  });
});

import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { TemplateEntity } from './template-entity.ts';
import { type SeenTemplate, TemplateStore } from './template-store.ts';

let db: TestDatabase;
let store: TemplateStore;

beforeAll(async () => {
  db = await testDatabase({ entities: [TemplateEntity] });
  store = new TemplateStore(db.dataSource);
});
afterAll(() => db.close());

const seen: SeenTemplate = { pluginId: 'acme', manifest: undefined, contentHash: 'a1', state: 'failed', error: 'a\u0000b' };

it('keeps what was seen, also with bytes a text cannot hold', async () => {
  await store.save([]);
  await store.save([seen]);
  expect(await store.all()).toEqual([
    expect.objectContaining({ pluginId: 'acme', state: 'failed', error: 'ab', manifest: null }),
  ]);
});

it('does not write a row that is as it was', async () => {
  const version = async () => (await db.dataSource.query('select xmin::text from integration_templates'))[0].xmin;
  await store.save([seen]);
  const before = await version();
  await store.save([seen]);
  expect(await version()).toBe(before);
  await store.save([{ ...seen, contentHash: 'a2' }]);
  expect(await version()).not.toBe(before);
});

it('takes two hosts that see the same folders at once', async () => {
  const many = Array.from({ length: 20 }, (_, i) => ({ ...seen, pluginId: `plugin-${i}` }));
  await Promise.all([store.save(many), store.save([...many].reverse()), store.save(many)]);
  expect((await store.all()).filter(({ pluginId }) => pluginId.startsWith('plugin-'))).toHaveLength(20);
});

it('has an entity that fits the table', async () => {
  await store.save([seen]);
  const row = await db.dataSource.getRepository(TemplateEntity).findOneByOrFail({ pluginId: 'acme' });
  expect(row).toMatchObject({ pluginId: 'acme', state: 'failed', active: true, overrides: {}, createdAt: expect.any(Date) });
  const changes = await db.dataSource.driver.createSchemaBuilder().log();
  // What the table checks is the migration's to say, not the entity's.
  const drift = changes.upQueries.map(({ query }) => query).filter((query) => !query.includes('_check"'));
  expect(drift.filter((query) => query.includes('integration_templates'))).toEqual([]);
});

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { SetUpStore } from './set-up-store.ts';

let db: TestDatabase;
let setUps: SetUpStore;
beforeAll(async () => {
  db = await testDatabase();
  setUps = new SetUpStore(db.dataSource);
});
afterAll(() => db.close());

let place: { storeId: string; pluginId: string };
beforeEach(() => {
  place = { storeId: v7(), pluginId: 'acme' };
});

const connect = async () => {
  const integrationId = v7();
  await setUps.connected({ ...place, integrationId });
  return integrationId;
};

describe('a set-up', () => {
  it('is unknown for a connection that was not made on the pages, and to other stores', async () => {
    expect(await setUps.of(place.storeId, v7())).toBeUndefined();
    const integrationId = await connect();
    expect(await setUps.of(v7(), integrationId)).toBeUndefined();
  });

  it('is one, however often it is tried, and is not counted where the account was connected already', async () => {
    for (let tries = 0; tries < 3; tries += 1) await setUps.begin(place);
    expect(await setUps.figures(place.storeId, 30)).toEqual([{ pluginId: 'acme', begun: 1, connected: 0, finished: 0 }]);
    await setUps.dropped(place);
    expect(await setUps.figures(place.storeId, 30)).toEqual([]);
  });

  it('goes from the settings to the first sync to its end, and the next one is another', async () => {
    await setUps.begin(place);
    const integrationId = await connect();
    const step = async () => (await setUps.of(place.storeId, integrationId))?.step;
    expect(await step()).toBe('configure');
    await setUps.configured(place.storeId, integrationId);
    expect(await step()).toBe('sync');
    await setUps.finished(place.storeId, integrationId);
    expect(await step()).toBe('done');
    await setUps.begin(place);
    expect(await setUps.figures(place.storeId, 30)).toEqual([{ pluginId: 'acme', begun: 2, connected: 1, finished: 1 }]);
  });

  it('is counted for operators over all stores, and no longer than asked for', async () => {
    const before = (await setUps.figures(undefined, 30))[0]?.begun ?? 0;
    await connect();
    expect((await setUps.figures(undefined, 30))[0]?.begun).toBe(before + 1);
    await db.dataSource.query("update set_ups set begun_at = now() - interval '31 days' where store_id = $1", [place.storeId]);
    expect(await setUps.figures(place.storeId, 30)).toEqual([]);
  });
});

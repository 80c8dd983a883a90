import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { testDatabase } from '../../tests/support/database.ts';
import { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Jobs } from '../database/jobs.ts';
import { sqlOf } from '../database/transaction.ts';
import type { Template } from '../plugins/registry.ts';
import { WishStore } from './wish-store.ts';
import { Wishes } from './wishes.ts';

const STORE = v7();
const [ANA, BEN] = [v7(), v7()];

let database: Awaited<ReturnType<typeof testDatabase>>;
let dataSource: DataSource;
let store: WishStore;
let wishes: Wishes;
let state: Template['state'];
let active: boolean;
let refuses: boolean;
let mails: { to: string; url: string }[];

beforeAll(async () => {
  database = await testDatabase();
  dataSource = database.dataSource;
  const run = (sql: string, values: unknown[] = []) => dataSource.query(sql, values);
  await run("insert into stores (id, slug, name) values ($1, 'acme', 'Acme')", [STORE]);
  for (const [id, email] of [
    [ANA, 'ana@example.com'],
    [BEN, 'ben@example.com'],
  ])
    await run("insert into users (id, email, password_hash) values ($1, $2, '-')", [id, email]);
  await run("insert into memberships (store_id, user_id, role) values ($1, $2, 'owner'), ($1, $3, 'staff')", [STORE, ANA, BEN]);
});
afterAll(() => database?.close());

beforeEach(async () => {
  [state, active, refuses, mails] = ['coming-soon', true, false, []];
  await dataSource.query('delete from plugin_wishes');
  await dataSource.query('update users set disabled_at = null');
  store = new WishStore(dataSource);
  wishes = new Wishes({
    wishes: store,
    registry: { template: (id) => (id === 'soon' ? ({ id, name: 'Soon', state, active } as Template) : undefined) },
    mail: {
      send: async ({ to, vars }) => {
        if (refuses) throw new Error('no mail today');
        mails.push({ to, url: (vars as { url: string }).url });
        return v7();
      },
    },
    jobs: {} as Jobs,
    audit: new Audit(sqlOf(dataSource)),
    publicUrl: 'https://hub.example.com',
  });
});

const ask = (pluginId: string, userId = BEN) =>
  wishes.add({ storeId: STORE, pluginId, principal: { userId, email: 'ben@example.com' } as Principal });

describe('a store that waits for a plugin', () => {
  it.each(['unknown', 'soon'])('cannot wait for what is not to come: %s', async (id) => {
    state = 'ready';
    await expect(ask(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect([...(await store.counts())]).toEqual([]);
  });

  it('is told nothing while it is not there, or switched off', async () => {
    await ask('soon');
    await wishes.sweep();
    [state, active] = ['ready', false];
    await wishes.sweep();
    expect(mails).toEqual([]);
    expect([...(await store.ofStore(STORE))]).toEqual(['soon']);
  });

  it('is counted once, and told once: whoever asked first', async () => {
    await ask('soon');
    await ask('soon', ANA);
    expect([...(await store.counts())]).toEqual([['soon', 1]]);
    state = 'ready';
    await Promise.all([wishes.sweep(), wishes.sweep()]);
    await wishes.sweep();
    expect(mails).toEqual([{ to: 'ben@example.com', url: 'https://hub.example.com/integrations/soon' }]);
  });

  it('is told by its owners where who asked may not come in any more', async () => {
    await ask('soon');
    await dataSource.query('update users set disabled_at = now() where id = $1', [BEN]);
    state = 'ready';
    await wishes.sweep();
    expect(mails.map(({ to }) => to)).toEqual(['ana@example.com']);
  });

  it('goes on waiting where no mail could be kept', async () => {
    await ask('soon');
    [state, refuses] = ['ready', true];
    await expect(wishes.sweep()).rejects.toThrow('no mail today');
    expect([...(await store.ofStore(STORE))]).toEqual(['soon']);
  });

  it('is not told once it no longer asks', async () => {
    await ask('soon');
    await wishes.remove({ storeId: STORE, pluginId: 'soon', principal: { userId: ANA, email: 'ana@example.com' } as Principal });
    state = 'ready';
    await wishes.sweep();
    expect(mails).toEqual([]);
  });
});

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { createLog } from '../log.ts';
import { AppStore } from './app-store.ts';
import { AppValues, type Sealer } from './app-values.ts';

let db: TestDatabase;
beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.close());
beforeEach(() => db.dataSource.query('delete from plugin_apps'));

/** Seals by writing the place beside the value, and opens nothing of another place. */
function sealer(): Sealer & { opened: number } {
  return {
    opened: 0,
    async seal(place, plain) {
      return Buffer.from(JSON.stringify({ place, plain, salt: randomBytes(4).toString('hex') })).toString('base64');
    },
    async open(place, sealed) {
      this.opened += 1;
      const { place: sealedFor, plain } = JSON.parse(Buffer.from(sealed, 'base64').toString());
      if (JSON.stringify(sealedFor) !== JSON.stringify(place)) throw new Error('of another place');
      return plain;
    },
  };
}

function host(vault: Sealer = sealer()): AppValues {
  return new AppValues({ store: new AppStore(db.dataSource), vault, log: createLog('silent') });
}

describe('the app fields set on the admin page', () => {
  it('are not changed when what belongs to the change fails', async () => {
    const values = host();
    const failing = values.set('acme', { clientId: 'x' }, () => Promise.reject(new Error('no audit')));
    await expect(failing).rejects.toThrow('no audit');
    await values.load();
    expect(values.of('acme')).toEqual({});
  });

  it('count as not set where they do not open, and leave the others in force', async () => {
    const values = host();
    await values.set('acme', { clientId: 'one', clientSecret: 'two' });
    await values.set('other', { clientId: 'three' });
    await db.dataSource.query(
      "update plugin_apps set sealed = (select sealed from plugin_apps where plugin_id = 'other') where field = 'clientSecret'",
    );
    await values.load();
    expect([values.of('acme'), values.of('other')]).toEqual([{ clientId: 'one' }, { clientId: 'three' }]);
  });

  it('stay as known while the database is away', async () => {
    const away = await testDatabase();
    const values = new AppValues({ store: new AppStore(away.dataSource), vault: sealer(), log: createLog('silent') });
    await values.set('acme', { clientId: 'one' });
    await away.close();
    await values.load();
    expect(values.of('acme')).toEqual({ clientId: 'one' });
  });

  it('are in force at once, on other hosts after they load, and opened once only', async () => {
    const vault = sealer();
    const [here, there] = [host(), host(vault)];
    await here.set('acme', { clientId: 'one', clientSecret: 'two' });
    expect(here.of('acme')).toEqual({ clientId: 'one', clientSecret: 'two' });
    await there.load();
    await there.load();
    expect([there.of('acme'), vault.opened]).toEqual([{ clientId: 'one', clientSecret: 'two' }, 2]);
  });

  it('are taken away with null, and what is not named stays', async () => {
    const values = host();
    await values.set('acme', { clientId: 'one', clientSecret: 'two' });
    await values.set('acme', { clientId: null });
    expect(values.of('acme')).toEqual({ clientSecret: 'two' });
  });
});

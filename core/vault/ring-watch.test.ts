import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { seedCredentials } from '../../tests/support/sealed-credentials.ts';
import { testKeys } from '../../tests/support/vault.ts';
import { ringWatch, vaultRoom } from '../../tests/support/vault-room.ts';
import { until } from '../../tests/support/wait.ts';
import { ConfigError, type RingKey } from '../config.ts';
import type { Host } from './host-store.ts';
import { readinessFor } from './readiness.ts';
import type { RingWatch } from './ring-watch.ts';

const [k1] = testKeys('k1');
const [k2] = testKeys('k2');
const [k3] = testKeys('k3');

let db: TestDatabase;
const databases: TestDatabase[] = [];
const watches = new Set<RingWatch>();

beforeEach(async () => {
  db = await testDatabase();
  databases.push(db);
});
afterEach(async () => {
  for (const watch of watches) await watch.stop();
  watches.clear();
});
afterAll(async () => {
  for (const one of databases) await one.close();
});

/** As a hub with this ring does at its start. */
async function started(...keys: [RingKey, ...RingKey[]]) {
  const host = vaultRoom(db.dataSource, ...keys);
  const watch = ringWatch(host);
  await watch.start();
  watches.add(watch);
  const stop = async () => {
    watches.delete(watch);
    await watch.stop();
  };
  return { ...host, watch, stop };
}

describe('hosts of one database', () => {
  it('seal with a new key only once all of them have it, whichever gets it first', async () => {
    const [one, two] = [await started(k1), await started(k2, k1)];
    expect([one.ring.currentKid, two.ring.currentKid]).toEqual(['k1', 'k1']);
    await one.stop();
    const again = await started(k2, k1);
    expect(again.ring.currentKid).toBe('k2');
    expect(two.ring.currentKid).toBe('k1');
    await two.watch.beat();
    expect(two.ring.currentKid).toBe('k2');
  });

  it('do not wait for one that was killed for longer than two minutes', async () => {
    await started(k1);
    await db.dataSource.query(`update vault_hosts set seen_at = now() - interval '121 seconds'`);
    expect((await started(k2, k1)).ring.currentKid).toBe('k2');
  });

  it('are refused a start without a key that has sealed something, with a sentence that says what to do', async () => {
    const one = await started(k1);
    await seedCredentials(db.dataSource, one.vault, 4);
    await one.stop();
    const refused = started(k2);
    await expect(refused).rejects.toBeInstanceOf(ConfigError);
    await expect(refused).rejects.toThrow(
      /^HUB_KEYS lacks the key "k1", under which secrets are sealed \(12 in credentials.*put that key back, last in the list/,
    );
    await expect(started({ ...k2, kid: 'k1' })).rejects.toThrow(
      /^HUB_KEYS gives the name "k1" to another key than the one under/,
    );
    expect(await one.hosts.live()).toEqual([]);
  });

  it('start without a key that nothing is sealed with any more', async () => {
    const one = await started(k1);
    await seedCredentials(db.dataSource, one.vault, 4);
    await one.stop();
    const both = await started(k2, k1);
    await both.rotation.run();
    await both.stop();
    const next = await started(k2);
    expect((await next.hosts.knownKeys()).map(({ kid }) => kid)).toEqual(['k2']);
  });

  it('finish a rotation whose process has died', async () => {
    const host = await started(k2, k1);
    await seedCredentials(db.dataSource, vaultRoom(db.dataSource, k1).vault, 300);
    const state = await host.rotations.begin('k2', 900);
    await host.watch.beat();
    expect((await host.rotations.last())?.done).toBe(0);
    await db.dataSource.query(`update vault_rotations set progress_at = now() - interval '61 seconds'`);
    await host.watch.beat();
    const finished = async () => (await host.rotations.last())?.finishedAt;
    expect(await until(finished, { what: 'the rotation to be finished' })).toBeInstanceOf(Date);
    expect(await host.rotations.last()).toMatchObject({ id: state.id, kid: 'k2', unreadable: 0 });
  });
});

describe('a rotation to a key', () => {
  const host = (
    name: string,
    { kids, sealsWith = kids[0] ?? '', silentSeconds = 3 }: Partial<Host> & Pick<Host, 'kids'>,
  ): Host => ({
    id: name,
    name,
    kids,
    sealsWith,
    silentSeconds,
  });
  const good = host('good', { kids: ['k2', 'k1'] });

  it.each([
    ['that a running hub lacks is refused', host('a', { kids: ['k1'] }), 'not-yet', /^The hub a runs without the key "k2"/],
    [
      'that a silent hub lacks waits until it is forgotten',
      host('a', { kids: ['k1'], silentSeconds: 80 }),
      'wait',
      /silent for 80 s/,
    ],
    [
      'that stands second somewhere is refused',
      host('a', { kids: ['k1', 'k2'] }),
      'not-yet',
      /"k2" behind "k1".*put "k2" first there/,
    ],
    [
      'that a hub has and does not yet use waits',
      host('a', { kids: ['k2', 'k1'], sealsWith: 'k1' }),
      'wait',
      /seals with "k1" for/,
    ],
  ])('%s', (_, other, kind, why) => {
    expect(readinessFor('k2', [good, other])).toEqual({ kind, why: expect.stringMatching(why) });
  });

  it('that all hubs seal with is begun, and so is one where no hub runs', () => {
    expect([readinessFor('k2', [good, good]), readinessFor('k2', [])]).toEqual([{ kind: 'ready' }, { kind: 'ready' }]);
  });
});

it('a key of the ring derives one key for each purpose, and none for a key that is absent', () => {
  const { ring } = vaultRoom(db.dataSource, k3);
  const derived = ['a', 'b'].map((purpose) => ring.derive('k3', purpose)?.toString('hex'));
  expect(new Set([...derived, k3.key.toString('hex')]).size).toBe(3);
  expect(ring.derive('k1', 'a')).toBeUndefined();
});

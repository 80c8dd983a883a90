import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { seedCredentials, tokenOf } from '../../tests/support/sealed-credentials.ts';
import { strayCiphertexts } from '../../tests/support/stray-ciphertexts.ts';
import { testKeys } from '../../tests/support/vault.ts';
import { type VaultRoom, vaultRoom } from '../../tests/support/vault-room.ts';
import type { RingKey } from '../config.ts';
import { census } from './census.ts';
import { inspect } from './inspection.ts';
import type { RotationState } from './rotation-store.ts';
import { SEALED_PLACES } from './sealed-places.ts';
import { kidOf } from './secret.ts';

const [k1] = testKeys('k1');
const [k10] = testKeys('k10');
const [k2] = testKeys('k2');

let db: TestDatabase;
const databases: TestDatabase[] = [];

beforeEach(async () => {
  db = await testDatabase();
  databases.push(db);
});
afterAll(async () => {
  for (const one of databases) await one.close();
});

const under = (...keys: [RingKey, ...RingKey[]]) => vaultRoom(db.dataSource, ...keys);
const kids = async ({ sealed }: VaultRoom) => [...new Set((await census(sealed)).map(({ kid }) => kid))];
const credential = async (id: string) =>
  (await db.dataSource.query('select * from credentials where integration_id = $1', [id]))[0];

/** One ciphertext in every place there is, each for itself. */
async function sealedEverywhere({ vault }: VaultRoom): Promise<void> {
  const [{ storeId } = { storeId: '' }] = await seedCredentials(db.dataSource, vault, 30);
  const [user, endpoint, mail, event] = [v7(), v7(), v7(), v7()];
  const seal = (store: string, owner: string, field: string) => vault.seal({ store, owner, field }, 'secret');
  await db.dataSource.query(`insert into users (id, email, password_hash) values ($1, 'a@b.c', '')`, [user]);
  await db.dataSource.query(`insert into plugin_apps (plugin_id, field, sealed) values ('acme', 'secret', $1)`, [
    await seal('hub', 'plugin:acme', 'secret'),
  ]);
  await db.dataSource.query(
    `insert into oauth_requests (store_id, state_hash, user_id, plugin_id, binding, verifier, redirect_uri, expires_at)
     values ($1, 'state', $2, 'acme', 'b', $3, 'https://hub.acme.test', now())`,
    [storeId, user, await seal(storeId, 'oauth:state', 'verifier')],
  );
  const link = v7();
  await db.dataSource.query(
    `insert into connect_links (store_id, id, token_hash, user_id, plugin_id, return_url, expires_at, sealed_result_key)
     values ($1, $2, 'token', $3, 'acme', 'https://app.acme.test', now(), $4)`,
    [storeId, link, user, await seal(storeId, `connect-link:${link}`, 'result-key')],
  );
  await db.dataSource.query(
    `insert into idempotency_keys (caller, key, fingerprint, holder, held_until, answer) values ($1, 'k', '', $1, now(), $2)`,
    [user, await seal('hub', `once:${user}`, 'k')],
  );
  await db.dataSource.query(`insert into second_factors (user_id, secret) values ($1, $2)`, [
    user,
    await seal('hub', `user:${user}`, 'totp'),
  ]);
  await db.dataSource.query(
    `insert into webhook_endpoints (store_id, id, url, kinds, secret, former_secret) values ($1, $2, '', '{}', $3, $4)`,
    [storeId, endpoint, await seal(storeId, endpoint, 'secret'), await seal(storeId, endpoint, 'secret')],
  );
  await db.dataSource.query(`insert into mails (id, recipient, template, subject, sealed) values ($1, 'a@b.c', 't', '', $2)`, [
    mail,
    await seal('hub', `mail:${mail}`, 'vars'),
  ]);
  await db.dataSource.query(
    `insert into webhook_events (id, plugin_id, event_id, type, raw, headers, state) values ($1, 'acme', 'e', 't', '', $2, 'unverified')`,
    [event, { sealed: await seal('-', 'plugin:acme', `webhook:${event}`), sender: 'plain' }],
  );
}

describe('a rotation', () => {
  it('brings every place under the first key, whose name may begin like another, and nothing else changes', async () => {
    const old = under(k10);
    await sealedEverywhere(old);
    const before = await db.dataSource.query('select integration_id, version, updated_at from credentials order by 1');
    const rotated = under(k1, k10);
    expect(await kids(rotated)).toEqual(['k10']);
    const held = new Set((await census(rotated.sealed)).map(({ name }) => name));
    expect(SEALED_PLACES.map(({ name }) => name).filter((name) => !held.has(name))).toEqual([]);
    const state = await rotated.rotation.run();
    expect(state).toMatchObject({ kid: 'k1', unreadable: 0, finishedAt: expect.any(Date) });
    expect(state.done).toBe(state.total);
    expect(await kids(rotated)).toEqual(['k1']);
    expect(await db.dataSource.query('select integration_id, version, updated_at from credentials order by 1')).toEqual(before);
    const alone = under(k1);
    const opened = await inspect(alone, () => true);
    expect(opened.filter(({ broken, misplaced }) => broken + misplaced > 0)).toEqual([]);
    expect(opened.reduce((sum, one) => sum + one.opened, 0)).toBeGreaterThanOrEqual(30 * 3 + SEALED_PLACES.length - 2);
    const [row] = await db.dataSource.query(`select headers from webhook_events where state = 'unverified'`);
    expect(row.headers.sender).toBe('plain');
    expect(await strayCiphertexts(db.dataSource)).toEqual([]);
  });

  it('keeps a secret setting the same as the one a subscription followed, which nothing but a change may end', async () => {
    await seedCredentials(db.dataSource, under(k1).vault, 200);
    const followed = `select config_secrets ->> 'signingKey' as set, webhook_followed ->> 'signingKey' as followed,
      webhook_followed ->> 'address' as address from integrations where config_secrets <> '{}'`;
    await under(k2, k1).rotation.run();
    const rows: { set: string; followed: string; address: string }[] = await db.dataSource.query(followed);
    expect(rows.length).toBeGreaterThan(0);
    for (const { set, followed, address } of rows) {
      expect([kidOf(set), followed, address]).toEqual(['k2', set, 'https://hub.acme.test']);
    }
  });

  it('never writes over what changed after it was read', async () => {
    const { vault, sealed } = under(k2, k1);
    const [one, two] = await seedCredentials(db.dataSource, under(k1).vault, 2);
    const [place] = SEALED_PLACES;
    if (!one || !two || !place) throw new Error('nothing is seeded');
    const rows = await sealed.rows(place, { after: undefined, kid: 'k2', limit: 10 });
    const fresh = await Promise.all(
      rows.map(async (row) => {
        const secrets = row.sealed['secrets'] as Record<string, string>;
        const pairs = Object.entries(secrets).map(async ([name, jwe]) => [name, (await vault.reseal(jwe)) as string] as const);
        return { ...row, fresh: { secrets: Object.fromEntries(await Promise.all(pairs)) } };
      }),
    );
    const newer = await under(k1).vault.seal({ store: one.storeId, owner: one.id, field: 'accessToken' }, 'newer');
    await db.dataSource.query(
      `update credentials set secrets = secrets || jsonb_build_object('accessToken', $2::text) where integration_id = $1`,
      [one.id, newer],
    );
    expect(await sealed.exchange(place, fresh)).toBe(1);
    expect((await credential(one.id)).secrets.accessToken).toBe(newer);
    expect(kidOf((await credential(two.id)).secrets.accessToken)).toBe('k2');
  });

  it('waits for nobody who holds a row, and comes back to it', async () => {
    const [held] = await seedCredentials(db.dataSource, under(k1).vault, 5);
    const rotated = under(k2, k1);
    const runner = db.dataSource.createQueryRunner();
    await runner.startTransaction();
    await runner.query('select 1 from credentials where integration_id = $1 for update', [held?.id]);
    const letGo = Promise.withResolvers<void>();
    const onProgress = ({ done }: RotationState) => {
      if (done >= 12) letGo.resolve();
    };
    const running = rotated.rotation.run({ onProgress });
    await letGo.promise;
    expect(kidOf((await credential(held?.id ?? '')).secrets.accessToken)).toBe('k1');
    await runner.commitTransaction();
    await runner.release();
    expect((await running).finishedAt).not.toBeNull();
    expect(await kids(rotated)).toEqual(['k2']);
  });

  it('goes on where it was stopped, and two at once share the work', async () => {
    await seedCredentials(db.dataSource, under(k1).vault, 900);
    const rotated = under(k2, k1);
    const stop = new AbortController();
    const stopped = await rotated.rotation.run({ signal: stop.signal, onProgress: ({ done }) => done > 0 && stop.abort() });
    expect(stopped).toMatchObject({ finishedAt: null });
    expect(await kids(rotated)).toEqual(['k1', 'k2']);
    const both = await Promise.all([under(k2, k1).rotation.run(), under(k2, k1).rotation.run()]);
    expect(both.map(({ id }) => id)).toEqual([stopped.id, stopped.id]);
    expect(both[0]?.done).toBe(both[0]?.total);
    expect(await kids(rotated)).toEqual(['k2']);
  });

  it('leaves what no key opens as it is, says how much that is, and ends', async () => {
    const [lost] = await seedCredentials(db.dataSource, under(k10).vault, 1);
    await seedCredentials(db.dataSource, under(k1).vault, 3);
    const before = await credential(lost?.id ?? '');
    const rotated = under(k2, k1);
    const state = await rotated.rotation.run();
    expect(state).toMatchObject({ unreadable: 3, finishedAt: expect.any(Date) });
    expect((await credential(lost?.id ?? '')).secrets).toEqual(before.secrets);
    expect(await kids(rotated)).toEqual(['k10', 'k2']);
  });

  it('gives a ciphertext that was copied to another row no right to be there', async () => {
    const [from, to] = await seedCredentials(db.dataSource, under(k1).vault, 2);
    if (!from || !to) throw new Error('nothing is seeded');
    await db.dataSource.query(
      `update credentials set secrets = (select secrets from credentials where integration_id = $1) where integration_id = $2`,
      [from.id, to.id],
    );
    const { rotation, vault, sealed } = under(k2, k1);
    await rotation.run();
    const [credentials] = await inspect({ vault, sealed }, () => true);
    expect(credentials).toMatchObject({ name: 'credentials', opened: 3, misplaced: 3, broken: 0 });
    const copied = (await credential(to.id)).secrets.accessToken;
    expect(kidOf(copied)).toBe('k2');
    const place = { store: to.storeId, field: 'accessToken' };
    await expect(vault.open({ ...place, owner: to.id }, copied)).rejects.toThrow('belongs elsewhere');
    expect(await vault.open({ ...place, owner: from.id }, copied)).toBe(`${tokenOf(from.id)}0`);
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RingKey } from '../../core/config.ts';
import { writtenKeys } from '../../core/config-keys.ts';
import { census } from '../../core/vault/census.ts';
import { wireKeys } from '../../core/wire-keys.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { KeysCallers, keyFor } from '../support/faults/keys-callers.ts';
import { HubCommands } from '../support/faults/keys-commands.ts';
import { writeKeysPlugin } from '../support/faults/keys-plugin.ts';
import { KeysProvider } from '../support/faults/keys-provider.ts';
import { call } from '../support/hub.ts';
import { type HubHost, type HubHosts, hubHosts } from '../support/hub-hosts.ts';
import { type SeededIntegration, seedCredentials, tokenOf } from '../support/sealed-credentials.ts';
import { strayCiphertexts } from '../support/stray-ciphertexts.ts';
import { atDatabase, onServer, testEnv } from '../support/test-server.ts';
import { testKeys } from '../support/vault.ts';
import { until } from '../support/wait.ts';

/** `npm run test:faults:keys` sets them; the defaults are a seed that fits into `npm test`. */
const { credentials = 600, callers = 4 } = globalThis as { credentials?: number; callers?: number };

const HOUR = 3_600_000;
const figure = (text: string) => void process.stdout.write(`    ${text}\n`);

const [k1] = testKeys('k1');
const [k2] = testKeys('k2');
const APP = { ACME_CLIENT_ID: 'client', ACME_CLIENT_SECRET: 'client secret' };

/** The signals of Unix. */
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('keys exchanged under load', () => {
  const provider = new KeysProvider();
  const commands = new HubCommands();
  let db: TestDatabase;
  let home: string;
  let seeded: SeededIntegration[];
  let hosts: HubHosts;
  let hubs: HubHost[];

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'hub-keys-'));
    writeKeysPlugin(home);
    await provider.start();
    db = await testDatabase();
    seeded = await seedCredentials(db.dataSource, wireKeys(db.dataSource, { keys: [k1] }).vault, credentials);
    const env = { ...APP, PLUGIN_DIRS: home, HUB_KEYS: writtenKeys([k2, k1]) };
    hosts = await hubHosts({ plugins: () => undefined, egressMap: () => provider.map, env, database: db });
    hubs = [await hosts.start(), await hosts.start()];
  }, HOUR);
  afterAll(async () => {
    commands.end();
    await hosts?.close();
    await provider.close();
    await db?.close();
    rmSync(home, { recursive: true, force: true });
  });

  const command = (line: string, keys: readonly RingKey[], url = db.url) =>
    commands.run(line, { DATABASE_URL: url, DATA_DIR: join(home, 'data'), PLUGIN_DIRS: home, HUB_KEYS: writtenKeys(keys) });
  const urls = () => hubs.map(({ port }) => `http://127.0.0.1:${port}`);
  const rotation = async () =>
    (
      await hosts.rows<{ done: number; isOver: boolean }>('select done, finished_at is not null as "isOver" from vault_rotations')
    )[0] ?? { done: 0, isOver: false };

  /** While somebody holds this row no rotation can be over, however fast the machine. */
  async function whileHeld(one: SeededIntegration, act: () => Promise<void>): Promise<void> {
    const holder = db.dataSource.createQueryRunner();
    await holder.startTransaction();
    try {
      await holder.query('select 1 from credentials where integration_id = $1 for update', [one.id]);
      await act();
    } finally {
      await holder.rollbackTransaction();
      await holder.release();
    }
  }

  it(
    'a rotation beside two busy hubs, killed half-way and run again, fails no call and leaves nothing under the old key',
    async () => {
      // Two calls for a token whose row is held would wait for it.
      const [held, ...others] = seeded as [SeededIntegration, ...SeededIntegration[]];
      const busy = new KeysCallers(others, provider);
      await busy.start(urls(), callers);
      const began = Date.now();
      try {
        await whileHeld(held, async () => {
          const first = command('keys rotate', [k2, k1]);
          const half = async () => (await rotation()).done > (credentials * 3) / 2 || first.child.exitCode !== null;
          await until(half, { withinMs: HOUR, what: 'half of it' });
          first.child.kill('SIGKILL');
          expect((await first.ended).code).toBeNull();
          expect((await rotation()).isOver).toBe(false);
        });
        expect(await command('keys rotate', [k2, k1]).ended).toMatchObject({
          code: 0,
          said: expect.stringContaining('Every secret is sealed with the key "k2"'),
        });
      } finally {
        await busy.stop();
      }
      const { calls, webhooks } = busy.counts;
      figure(
        `${credentials} credentials in ${((Date.now() - began) / 1000).toFixed(1)} s beside ${calls} calls, ${provider.renewals} renewals and ${webhooks} webhooks`,
      );
      expect(busy.failures.slice(0, 5)).toEqual([]);
      expect(Math.min(calls, webhooks, provider.renewals)).toBeGreaterThan(0);
      const pending = () => hosts.rows('select 1 from webhook_queue');
      await until(async () => (await pending()).length === 0, { withinMs: HOUR, what: 'the events to be handled' });
      const [events] = await hosts.rows(
        `select count(*)::int as count from webhook_events e join records r on r.external_id = e.event_id
         where e.state = 'handled' and r.data ->> 'whose' = e.integration_id::text`,
      );
      expect(events).toEqual({ count: webhooks });
    },
    HOUR,
  );

  it('every connection has the pair its provider knows, under the new key, and in its own place', async () => {
    const { vault } = wireKeys(db.dataSource, { keys: [k2] });
    const rows = await hosts.rows<{ store: string; owner: string; secrets: Record<string, string> }>(
      'select store_id as store, integration_id as owner, secrets from credentials',
    );
    expect(rows).toHaveLength(credentials);
    for (const { secrets, ...place } of rows)
      expect(await vault.openAll(place, secrets)).toMatchObject(provider.pairOf(place.owner));
  });

  it('nothing is sealed with the old key any more, as status and doctor say, and no column was forgotten', async () => {
    const [status, doctor] = await Promise.all(['keys status', 'doctor'].map((line) => command(line, [k2, k1]).ended));
    expect(status?.said).toMatch(/k1 {2}opens {3}nothing is sealed with it\n/);
    expect(status?.said).toMatch(/The rotation to k2 was finished/);
    expect(doctor).toMatchObject({ code: 0, said: expect.stringMatching(/ok {5}[\d,]+ secrets open with the keys of this hub/) });
    expect([...new Set((await census(wireKeys(db.dataSource, { keys: [k2] }).sealed)).map(({ kid }) => kid))]).toEqual(['k2']);
    expect(await strayCiphertexts(db.dataSource)).toEqual([]);
  });

  it('a ciphertext copied to another connection does not open there: its test says so, and the provider sees no token', async () => {
    const [from, to] = seeded as [SeededIntegration, SeededIntegration];
    const [own] = await hosts.rows('select secrets from credentials where integration_id = $1', [to.id]);
    await hosts.rows(
      `update credentials set secrets = (select secrets from credentials where integration_id = $1) where integration_id = $2`,
      [from.id, to.id],
    );
    provider.shown.clear();
    const key = await keyFor(urls()[0] as string, to.storeId);
    const answer = await call('POST', `${urls()[0]}/api/stores/${to.storeId}/integrations/${to.id}/test`, {
      headers: { authorization: `Bearer ${key}` },
    });
    const detail = expect.stringMatching(/cannot be opened: it was changed or belongs elsewhere/);
    expect(answer).toMatchObject({ status: 409, body: { code: 'RECONNECT_NEEDED', detail } });
    expect(JSON.stringify(answer.body)).not.toContain(tokenOf(from.id));
    expect([...provider.shown]).toEqual([]);
    await hosts.rows('update credentials set secrets = $1 where integration_id = $2', [own?.['secrets'], to.id]);
  });

  it('a copy of the database and the ring open everything on a new host; without the ring it says which key it lacks', async () => {
    const { PATCHBAY_TEST_SERVER: server = '' } = testEnv;
    const name = `${new URL(db.url).pathname.slice(1)}_copy`;
    const copy = atDatabase(server, name);
    for (const hub of hubs) await hub.kill();
    await db.dataSource.destroy();
    await onServer(server, `create database ${name} template ${new URL(db.url).pathname.slice(1)}`);
    try {
      const [right, wrong, start] = await Promise.all([
        command('doctor', [k2], copy).ended,
        command('doctor', testKeys('k3'), copy).ended,
        command('start', testKeys('k3'), copy).ended,
      ]);
      expect(right).toMatchObject({ code: 0 });
      expect(wrong).toMatchObject({
        code: 1,
        said: expect.stringMatching(
          /WRONG {2}keys: [\d,]+ in credentials.* sealed with the key "k2", which is not there: put it back/,
        ),
      });
      expect(start).toMatchObject({
        code: 78,
        said: expect.stringMatching(/HUB_KEYS lacks the key "k2", under which secrets are sealed/),
      });
    } finally {
      await onServer(server, `drop database ${name} with (force)`);
    }
  });
});

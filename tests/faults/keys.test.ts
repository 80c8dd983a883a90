import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { Audit } from '../../core/access/audit.ts';
import { ENTITIES } from '../../core/app.ts';
import type { RingKey } from '../../core/config.ts';
import { writtenKeys } from '../../core/config-keys.ts';
import { createDataSource } from '../../core/database/data-source.ts';
import { sqlOf } from '../../core/database/transaction.ts';
import { CredentialStore } from '../../core/integrations/credential-store.ts';
import { IntegrationStore } from '../../core/integrations/integration-store.ts';
import { Tokens } from '../../core/integrations/tokens.ts';
import { createLog } from '../../core/log.ts';
import { census } from '../../core/vault/census.ts';
import { inspect } from '../../core/vault/inspection.ts';
import { type Keys, wireKeys, wireRingWatch } from '../../core/wire-keys.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';
import { type SeededIntegration, seedCredentials, tokenOf } from '../support/sealed-credentials.ts';
import { strayCiphertexts } from '../support/stray-ciphertexts.ts';
import { atDatabase, onServer, testEnv } from '../support/test-server.ts';
import { testKeys } from '../support/vault.ts';
import { until } from '../support/wait.ts';

/** `npm run test:faults:keys` sets them; the defaults are a seed that fits into `npm test`. */
const { credentials = 600, callers = 3 } = globalThis as { credentials?: number; callers?: number };

const HUB = fileURLToPath(new URL('../../bin/hub.js', import.meta.url));
const HOUR = 3_600_000;
const figure = (text: string) => void process.stdout.write(`    ${text}\n`);

const [k1] = testKeys('k1');
const [k2] = testKeys('k2');

let db: TestDatabase;
let home: string;
let seeded: SeededIntegration[];

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hub-keys-'));
  db = await testDatabase({ entities: ENTITIES });
  seeded = await seedCredentials(db.dataSource, wireKeys(db.dataSource, { keys: [k1] }).vault, credentials);
}, HOUR);
afterAll(async () => {
  await db?.close();
  rmSync(home, { recursive: true, force: true });
});

/** What the command line says, in a process of its own. */
function command(line: string, keys: readonly RingKey[], url = db.url) {
  const env = { PATH: process.env['PATH'] ?? '', DATABASE_URL: url, DATA_DIR: home, HUB_KEYS: writtenKeys(keys) };
  const child = spawn(process.execPath, [HUB, ...line.split(' ')], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
  return { child, said: () => said, ended: new Promise<number | null>((done) => child.once('exit', (code) => done(code))) };
}

interface Traffic {
  reads: number;
  renewals: number;
  readonly failures: string[];
}

/** A host of the hub as far as credentials go, with callers who open and renew tokens all the time. */
class BusyHost {
  readonly keys: Keys;
  readonly #dataSource: DataSource;
  readonly #tokens: Tokens;
  readonly #store: IntegrationStore;
  readonly #traffic: Traffic;
  #stopped = false;
  #callers: Promise<void>[] = [];

  constructor(dataSource: DataSource, traffic: Traffic) {
    this.keys = wireKeys(dataSource, { keys: [k2, k1] });
    this.#dataSource = dataSource;
    this.#store = new IntegrationStore(dataSource);
    this.#traffic = traffic;
    const { vault } = this.keys;
    const refresher = {
      refresh: async ({ id }: { id: string }) => ({
        accessToken: `${tokenOf(id)}${Math.random()}`,
        refreshToken: `r-${id}`,
        expiresInSeconds: 9000,
      }),
    };
    const [store, credentials] = [this.#store, new CredentialStore(dataSource)];
    const [audit, log] = [new Audit(sqlOf(dataSource)), createLog('silent')];
    this.#tokens = new Tokens({ store, credentials, vault, refresher, audit, log });
  }

  start(): void {
    this.#callers = Array.from({ length: callers }, () => this.#call());
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#callers);
    await this.#tokens.stop();
    await this.#dataSource.destroy();
  }

  async #call(): Promise<void> {
    while (!this.#stopped) {
      const { storeId, id } = seeded[Math.floor(Math.random() * seeded.length)] as SeededIntegration;
      try {
        const integration = await this.#store.get(storeId, id);
        const token = await this.#tokens.accessToken(integration);
        this.#note(id, token);
        this.#traffic.reads += 1;
        if (Math.random() < 0.8) continue;
        this.#note(id, await this.#tokens.accessToken(integration, { renew: token }));
        this.#traffic.renewals += 1;
      } catch (error) {
        this.#traffic.failures.push(String(error));
      }
      await yieldToOthers();
    }
  }

  #note(id: string, token: string): void {
    if (!token.startsWith(tokenOf(id))) this.#traffic.failures.push(`a token of another connection: ${token}`);
  }
}

describe('keys exchanged under load', () => {
  it(
    'a rotation beside two busy hosts, killed half-way and run again, loses no secret and leaves none under the old key',
    async () => {
      const traffic: Traffic = { reads: 0, renewals: 0, failures: [] };
      const sources = [1, 2].map(() => createDataSource({ url: db.url, entities: ENTITIES, poolSize: 4 }));
      const hosts = await Promise.all(sources.map(async (source) => new BusyHost(await source.initialize(), traffic)));
      const watches = hosts.map(({ keys }) => wireRingWatch(keys, { roles: ['web'] }, createLog('silent')));
      for (const watch of watches) await watch.start();
      for (const host of hosts) host.start();
      const own = wireKeys(db.dataSource, { keys: [k2, k1] });
      // While somebody holds this row no rotation can be over, however fast the machine.
      const holder = db.dataSource.createQueryRunner();
      await holder.startTransaction();
      await holder.query('select 1 from credentials where integration_id = $1 for update', [seeded[0]?.id]);
      const running: ChildProcess[] = [];
      const began = Date.now();
      try {
        const first = command('keys rotate', [k2, k1]);
        running.push(first.child);
        const half = async () => ((await own.rotations.last())?.done ?? 0) > (credentials * 3) / 2;
        await until(async () => (await half()) || first.child.exitCode !== null, { withinMs: HOUR, what: 'half of it' });
        first.child.kill('SIGKILL');
        expect(await first.ended).toBeNull();
        expect((await own.rotations.last())?.finishedAt).toBeNull();
        await holder.rollbackTransaction();
        const second = command('keys rotate', [k2, k1]);
        running.push(second.child);
        expect({ code: await second.ended, said: second.said() }).toMatchObject({
          code: 0,
          said: expect.stringContaining('Every secret'),
        });
      } finally {
        for (const child of running) child.kill('SIGKILL');
        if (holder.isTransactionActive) await holder.rollbackTransaction();
        await holder.release();
        for (const host of hosts) await host.stop();
        for (const watch of watches) await watch.stop().catch(() => undefined);
      }
      figure(
        `${credentials} credentials in ${((Date.now() - began) / 1000).toFixed(1)} s beside ${traffic.reads} reads and ${traffic.renewals} renewals`,
      );
      expect(traffic.failures).toEqual([]);
      expect(Math.min(traffic.reads, traffic.renewals)).toBeGreaterThan(0);
      expect([...new Set((await census(own.sealed)).map(({ kid }) => kid))]).toEqual(['k2']);
      expect(await strayCiphertexts(db.dataSource)).toEqual([]);
    },
    HOUR,
  );

  it('a ciphertext copied to another row does not open there', async () => {
    const [from, to] = seeded as [SeededIntegration, SeededIntegration];
    const [{ secrets }] = await db.dataSource.query('select secrets from credentials where integration_id = $1', [from.id]);
    const { vault } = wireKeys(db.dataSource, { keys: [k2] });
    const place = { store: from.storeId, field: 'accessToken' };
    expect(await vault.open({ ...place, owner: from.id }, secrets.accessToken)).toContain(tokenOf(from.id));
    await expect(vault.open({ ...place, owner: to.id }, secrets.accessToken)).rejects.toThrow('belongs elsewhere');
  });

  it('a copy of the database and the ring open everything on a new host; without the ring it says which key it lacks', async () => {
    const { PATCHBAY_TEST_SERVER: server = '' } = testEnv;
    const name = `${new URL(db.url).pathname.slice(1)}_copy`;
    const copy = atDatabase(server, name);
    await db.dataSource.destroy();
    await onServer(server, `create database ${name} template ${new URL(db.url).pathname.slice(1)}`);
    const source = await createDataSource({ url: copy, entities: ENTITIES, poolSize: 2 }).initialize();
    try {
      const restored = wireKeys(source, { keys: [k2] });
      const opened = await inspect(restored, () => true);
      expect(opened.filter(({ broken }) => broken > 0)).toEqual([]);
      expect(opened.reduce((sum, one) => sum + one.opened, 0)).toBeGreaterThanOrEqual(credentials * 3);
      const wrong = command('doctor', testKeys('k3'), copy);
      expect(await wrong.ended).toBe(1);
      expect(wrong.said()).toMatch(
        /WRONG {2}keys: [\d,]+ in credentials.* sealed with the key "k2", which is not there: put it back/,
      );
      const start = command('start', testKeys('k3'), copy);
      expect(await start.ended).toBe(78);
      expect(start.said()).toMatch(/HUB_KEYS lacks the key "k2", under which secrets are sealed/);
    } finally {
      await source.destroy();
      await onServer(server, `drop database ${name} with (force)`);
    }
  });
});

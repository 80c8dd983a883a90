import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { seedCredentials } from '../../tests/support/sealed-credentials.ts';
import { testKeys } from '../../tests/support/vault.ts';
import { Audit } from '../access/audit.ts';
import { readConfig } from '../config.ts';
import { writtenKeys } from '../config-keys.ts';
import { sqlOf } from '../database/transaction.ts';
import { createLog } from '../log.ts';
import { main } from '../main.ts';
import { wireKeys, wireRingWatch } from '../wire-keys.ts';

let db: TestDatabase;
let home: string;

beforeAll(async () => {
  db = await testDatabase();
  home = mkdtempSync(join(tmpdir(), 'hub-keys-'));
});
afterAll(async () => {
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

const settings = (env: Record<string, string> = {}) =>
  readConfig({ DATABASE_URL: db.url, DATA_DIR: join(home, 'data'), PLUGIN_DIRS: join(home, 'none'), ...env });

async function hub(line: string, env: Record<string, string> = {}) {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await main(line.split(' '), {
    out: (text) => void out.push(text),
    err: (text) => void err.push(text),
    readSecret: async () => '',
    readConfig: () => settings(env),
  });
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** A hub that runs with the ring as it is now, as far as keys go. */
async function running() {
  const keys = wireKeys(db.dataSource, settings());
  const watch = wireRingWatch(keys, { roles: ['web'] }, createLog('silent'));
  await watch.start();
  return { keys, stop: () => watch.stop() };
}

describe('a key exchanged on one host', () => {
  it('goes step by step, each of which says the next, and every step too early is refused', async () => {
    const [first] = settings().keys;
    const before = await running();
    await seedCredentials(db.dataSource, before.keys.vault, 10);
    expect((await hub(`keys remove ${first.kid}`)).err).toContain(`"${first.kid}" is the key that seals`);
    const added = await hub('keys add');
    const [second] = settings().keys;
    expect(added).toMatchObject({
      code: 0,
      out: expect.stringContaining(`"${second.kid}" is the first`),
      err: expect.stringContaining('Restart'),
    });
    expect(statSync(join(home, 'data', 'keys')).mode & 0o777).toBe(0o600);
    expect(await hub('keys rotate')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/^Nothing was changed. The hub .* runs without the key/),
    });
    await before.stop();
    const after = await running();
    expect((await hub('doctor')).out).toMatch(
      new RegExp(`WRONG  keys: 30 in credentials.*older key "${first.kid}": run hub keys rotate`),
    );
    expect((await hub(`keys remove ${first.kid}`)).err).toMatch(/still opens 30 in credentials.*run hub keys rotate first/);
    const rotated = await hub('keys rotate');
    expect(rotated).toMatchObject({
      code: 0,
      out: expect.stringContaining(`Every secret is sealed with the key "${second.kid}"`),
    });
    expect(rotated.out).toContain(`Take ${first.kid} out of the ring`);
    const status = (await hub('keys status')).out;
    expect(status).toMatch(
      new RegExp(`${second.kid}  first   30 in credentials.*\\n  ${first.kid}  opens   nothing is sealed with it`),
    );
    expect(status).toMatch(/The hub \S+ seals with .*\nThe rotation to .* was finished on .*: 32 of 32 secrets\./);
    expect((await hub(`keys remove ${first.kid}`)).code).toBe(0);
    expect(settings().keys.map(({ kid }) => kid)).toEqual([second.kid]);
    expect((await hub('doctor')).out).toContain('ok     32 secrets open with the keys of this hub');
    await after.stop();
    const written = await db.dataSource.query('select actor, action, detail from audit_entries order by at, id');
    expect(written).toEqual([
      { actor: 'cli', action: 'keys.rotate', detail: { name: second.kid, done: 32, unreadable: 0 } },
      { actor: 'cli', action: 'keys.remove', detail: { name: first.kid } },
    ]);
  });

  it('prints the ring to set where the settings give it, and changes nothing', async () => {
    const [key] = testKeys('mine');
    const file = readFileSync(join(home, 'data', 'keys'), 'utf8');
    const said = await hub('keys add', { HUB_KEYS: writtenKeys([key]) });
    const ring = readConfig({ HUB_KEYS: said.out }).keys;
    expect(ring).toHaveLength(2);
    expect(ring[1]).toEqual(key);
    expect(said.err).toContain('Set HUB_KEYS to this on every host');
    expect(readFileSync(join(home, 'data', 'keys'), 'utf8')).toBe(file);
  });

  it('says of a secret that was copied to another row that it opens for nobody there', async () => {
    const [first, second] = await db.dataSource.query('select integration_id as id, secrets from credentials limit 2');
    const put = (secrets: object) =>
      db.dataSource.query('update credentials set secrets = $1 where integration_id = $2', [secrets, second.id]);
    await put(first.secrets);
    const said = await hub('doctor');
    expect(said).toMatchObject({ code: 1, out: expect.stringMatching(/WRONG {2}keys: 3 in credentials belong to another row/) });
    await put(second.secrets);
  });

  it('says of an audit log whether it is as it was sealed, and whose is not', async () => {
    const { auditSeals } = wireKeys(db.dataSource, settings());
    const audit = new Audit(sqlOf(db.dataSource));
    const [{ id: storeId, slug }] = await db.dataSource.query('select id, slug from stores limit 1');
    for (const target of ['one', 'two'])
      await audit.record({ storeId, actor: 'ana@example.com', action: 'store.rename', target });
    await auditSeals.seal();
    const doctor = async () => (await hub('doctor')).out.split('\n').filter((line) => line.includes('audit log'));
    expect(await doctor()).toEqual([expect.stringMatching(/^ok {5}\d+ entries of the audit log are sealed$/)]);
    await db.dataSource.query(`update audit_entries set actor = 'mallory@example.com' where target = 'one'`);
    const changed = `WRONG  audit log of store ${slug}: Seal 1: an entry was changed after it was sealed.`;
    expect(await doctor()).toEqual([expect.anything(), changed]);
    await db.dataSource.query('delete from audit_seals where store_id = $1', [storeId]);
    expect((await doctor()).at(-1)).toMatch(/^WRONG.*the end of the chain was cut off/);
    expect((await hub('doctor')).code).toBe(1);
    await db.dataSource.query('delete from audit_entries where store_id = $1', [storeId]);
  });

  it('says of accepted messages how many are still to be sorted in, and which this version cannot read', async () => {
    const spool = (count: number, problem: string | null) =>
      db.dataSource.query(
        `insert into webhook_spool (store_id, integration_id, count, events, problem) select store_id, id, $1, '', $2 from integrations limit 1`,
        [count, problem],
      );
    const doctor = async () => (await hub('doctor')).out.split('\n').filter((line) => line.includes('inbox:'));
    expect(await doctor()).toEqual(['ok     inbox: 0 accepted messages still to be sorted in']);
    await spool(1200, null);
    expect(await doctor()).toEqual([
      expect.stringMatching(/^ok {5}inbox: 1,200 accepted messages still .*, the oldest since 20\S+Z$/),
    ]);
    await db.dataSource.query(`update webhook_spool set received_at = now() - interval '11 minutes'`);
    expect(await doctor()).toEqual([expect.stringMatching(/^WRONG {2}inbox: 1,200 .* since 20\S+Z: no worker does that/)]);
    await db.dataSource.query('delete from webhook_spool');
    await spool(1, 'It is in format 2.');
    await spool(5, null);
    await db.dataSource.query(`update webhook_spool set received_at = now() - interval '11 minutes'`);
    expect(await doctor()).toEqual([
      'ok     inbox: 5 accepted messages still to be sorted in',
      expect.stringMatching(
        /^WRONG {2}inbox: 1 accepted message of .* kept, which this version cannot read: It is in format 2\. If a later version/,
      ),
    ]);
    await db.dataSource.query('delete from webhook_spool');
  });

  it('says what is wrong when there is no such key, and when the ring lacks one', async () => {
    expect(await hub('keys remove none')).toMatchObject({ code: 1, err: expect.stringContaining('The ring has no key "none"') });
    const wrong = { HUB_KEYS: writtenKeys(testKeys('other')) };
    expect(await hub('keys rotate', wrong)).toMatchObject({ code: 78, err: expect.stringMatching(/^HUB_KEYS lacks the key/) });
    expect((await hub('doctor', wrong)).out).toMatch(/WRONG {2}keys: 30 in credentials.*which is not there: put it back/);
    expect((await hub('keys status', wrong)).out).toContain('ABSENT  30 in credentials');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jwtVerify } from 'jose';
import { v7 } from 'uuid';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { testKeys } from '../../tests/support/vault.ts';
import { vaultRoom } from '../../tests/support/vault-room.ts';
import { Audit } from '../access/audit.ts';
import { sqlOf } from '../database/transaction.ts';
import type { Connect } from './connect.ts';
import { ConnectLinkStore } from './connect-link-store.ts';
import { ConnectLinks } from './connect-links.ts';

let db: TestDatabase;
const [storeId, userId] = [v7(), v7()];
const [before, after] = [testKeys('before'), testKeys('after')];

beforeAll(async () => {
  db = await testDatabase();
  await db.dataSource.query(`insert into stores (id, slug, name) values ($1, 'north', 'North')`, [storeId]);
  await db.dataSource.query(`insert into users (id, email, password_hash) values ($1, 'ana@example.com', '')`, [userId]);
});
afterAll(() => db.close());

/** As a host with these keys has them. */
function linksUnder(keys: ReturnType<typeof testKeys>) {
  return new ConnectLinks({
    links: new ConnectLinkStore(db.dataSource),
    connect: { check: async () => undefined } as unknown as Connect,
    audit: new Audit(sqlOf(db.dataSource)),
    accounts: { find: async () => undefined },
    publicUrl: 'https://hub.example.com',
    returnUrls: ['https://app.example.com'],
    vault: vaultRoom(db.dataSource, ...keys).vault,
  });
}

async function made(links: ConnectLinks) {
  const store = { id: storeId, slug: 'north', name: 'North', role: 'owner' } as const;
  const principal = { kind: 'session', userId, email: 'ana@example.com', operator: false, scopes: ['write'] } as const;
  const { url, resultKey, link } = await links.make({
    store,
    principal,
    pluginId: 'acme',
    returnUrl: 'https://app.example.com/done',
  });
  return { token: url.split('/').at(-1) ?? '', resultKey, link };
}

describe('the result of a link', () => {
  it('is signed with the key that its maker was given, whatever keys of the hub were exchanged since', async () => {
    const { token, resultKey, link } = await made(linksUnder(before));
    await vaultRoom(db.dataSource, ...after, ...before).rotation.run();
    const links = linksUnder(after);
    const back = new URL(await links.finish(await links.open(token, 'browser'), undefined));
    const result = back.searchParams.get('result') ?? '';
    const { payload } = await jwtVerify(result, Buffer.from(resultKey, 'base64url'), { issuer: 'https://hub.example.com' });
    expect(payload).toMatchObject({ sub: link.id, status: 'cancelled', plugin: 'acme' });
  });

  it('is not signed with the key of another link', async () => {
    const links = linksUnder(before);
    const [one, other] = [await made(links), await made(links)];
    await db.dataSource.query(
      `update connect_links set sealed_result_key = (select sealed_result_key from connect_links where id = $2) where id = $1`,
      [one.link.id, other.link.id],
    );
    await expect(links.finish(await links.open(one.token, 'browser'), undefined)).rejects.toThrow();
  });
});

describe('a link that an earlier version of the hub made', () => {
  it('is refused before anything is connected by it, with a word of what to do', async () => {
    const links = linksUnder(before);
    const { token, link } = await made(links);
    await db.dataSource.query('update connect_links set sealed_result_key = null where id = $1', [link.id]);
    await expect(links.open(token, 'browser')).rejects.toThrow(
      'This link was made before this hub was brought up to date; ask for a new one.',
    );
    expect(await links.get(storeId, link.id)).toMatchObject({ status: 'new', binding: null });
  });
});

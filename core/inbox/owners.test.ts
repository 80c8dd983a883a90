import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Integration } from '../integrations/integration-store.ts';
import { Owners, type OwnersOptions } from './owners.ts';

const one = { id: 'i-1', storeId: 's-1' } as Integration;
let asked: string[] = [];
let found: Integration[] = [one];
let slow: Promise<void> = Promise.resolve();
let owners: Owners;

beforeEach(() => {
  [asked, found, slow] = [[], [one], Promise.resolve()];
  owners = new Owners({
    integrations: {
      async byAccount(_: string, account: string) {
        asked.push(account);
        const now = found;
        await slow;
        return now;
      },
      async byWebhookKey(_: string, key: string) {
        asked.push(key);
        return key === 'right' ? one : undefined;
      },
      async webhookSecrets() {
        asked.push('secrets');
        return { current: { signing: 'sealed' }, former: {} };
      },
    },
    credentials: { get: async () => undefined },
    vault: { openAll: async (_: object, sealed: Record<string, string>) => ({ ...sealed, open: 'yes' }) },
  } as unknown as OwnersOptions);
});

const hash = (account: string) => createHash('md5').update(`acme ${account}`).digest('hex');

describe('whose a call is', () => {
  it('is asked for every time while nobody tells of changes', async () => {
    for (let call = 0; call < 3; call += 1) await owners.byAccount('acme', 'acc');
    owners.hear(undefined);
    await owners.byAccount('acme', 'acc');
    owners.deaf();
    for (let call = 0; call < 2; call += 1) await owners.byAccount('acme', 'acc');
    expect(asked).toHaveLength(6);
  });

  it('is known until its integration, or its account, is said to have changed', async () => {
    owners.hear(undefined);
    found = [];
    await Promise.all([owners.byAccount('acme', 'acc'), owners.byAccount('acme', 'acc')]);
    expect(asked).toEqual(['acc']);
    found = [one];
    owners.hear(`i-9 ${hash('other')}`);
    expect(await owners.byAccount('acme', 'acc')).toEqual([]);
    owners.hear(`i-1 ${hash('acc')}`);
    expect(await owners.byAccount('acme', 'acc')).toEqual([one]);
    owners.hear('i-1');
    await owners.byAccount('acme', 'acc');
    expect(asked).toEqual(['acc', 'acc', 'acc']);
  });

  it('is not kept when it changed while it was looked up', async () => {
    owners.hear(undefined);
    let go: () => void = () => undefined;
    slow = new Promise((done) => (go = done));
    found = [];
    const before = owners.byAccount('acme', 'acc');
    found = [one];
    owners.hear(`i-1 ${hash('acc')}`);
    go();
    expect(await before).toEqual([]);
    expect(await owners.byAccount('acme', 'acc')).toEqual([one]);
  });

  it('is never known for a key that somebody made up', async () => {
    owners.hear(undefined);
    for (let call = 0; call < 2; call += 1) expect(await owners.byWebhookKey('acme', 'wrong')).toBeUndefined();
    for (let call = 0; call < 2; call += 1) expect(await owners.byWebhookKey('acme', 'right')).toBe(one);
    expect(asked).toEqual(['wrong', 'wrong', 'right']);
  });

  it('comes with keys that are opened once', async () => {
    owners.hear(undefined);
    for (let call = 0; call < 3; call += 1) {
      expect(await owners.keysOf(one)).toEqual({ current: { signing: 'sealed', open: 'yes' }, former: undefined });
    }
    expect(asked).toEqual(['secrets']);
    owners.hear('i-1');
    await owners.keysOf(one);
    expect(asked).toHaveLength(2);
  });
});

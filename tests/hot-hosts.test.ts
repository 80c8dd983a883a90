import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../core/config.ts';
import { createLog } from '../core/log.ts';
import { GenerationStore } from '../core/plugins/generation-store.ts';
import { Registry } from '../core/plugins/registry.ts';
import { TemplateStore } from '../core/plugins/template-store.ts';
import { type TestDatabase, testDatabase } from './support/database.ts';
import { deliverTo, removePlugin, writePlugin } from './support/hot-plugin.ts';
import { type Hub, RING, startHub } from './support/hub.ts';
import { testProofs } from './support/vault.ts';
import { until } from './support/wait.ts';

let home: string;
let dir: string;
let db: TestDatabase;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'hosts-'));
  dir = join(home, 'plugins');
  mkdirSync(dir);
  db = await testDatabase();
});
afterAll(async () => {
  await db.close();
  rmSync(home, { recursive: true, force: true });
});

function start(): Promise<Hub> {
  return startHub({ PLUGIN_DIRS: dir, SANDBOX: '0', DATABASE_URL: db.url });
}

/** A registry as the next process would make it; what it runs by itself, without a hub around it. */
async function restarted(): Promise<Registry> {
  const registry = new Registry({
    dirs: [dir],
    store: new TemplateStore(db.dataSource),
    generations: new GenerationStore(db.dataSource, testProofs(readConfig({ HUB_KEYS: RING }).keys)),
    log: createLog('silent'),
  });
  await registry.load();
  return registry;
}

function answerOf(registry: Registry): string | undefined {
  return registry.get('hot')?.plugin.handlers.webhook?.ack?.({} as never).body;
}

async function settled(hubs: readonly Hub[], text: string): Promise<void> {
  for (const { url } of hubs) {
    await until(async () => (await deliverTo(url, 'hot')).text === text, { what: `a host to answer ${text}` });
  }
}

describe('two hosts on one database and one folder', () => {
  let hubs: Hub[];
  beforeAll(async () => {
    writePlugin(dir, 'hot');
    hubs = [await start(), await start()];
  });
  afterAll(async () => {
    for (const hub of hubs) await hub.close();
  });

  it('both follow each change within 3 seconds', async () => {
    for (const answer of ['two', 'three']) {
      const begin = Date.now();
      writePlugin(dir, 'hot', { answer });
      await settled(hubs, answer);
      expect(Date.now() - begin).toBeLessThan(3000);
    }
    removePlugin(dir, 'hot');
    for (const { url } of hubs) {
      await until(async () => (await deliverTo(url, 'hot')).status === 404, { what: 'a host to let go of the plugin' });
    }
    writePlugin(dir, 'hot', { answer: 'back' });
    await settled(hubs, 'back');
  });

  it('both run what an operator put back, until the folder changes', async () => {
    const operator = await restarted();
    for (const answer of ['back', 'new']) {
      writePlugin(dir, 'hot', { answer });
      await settled(hubs, answer);
    }
    await operator.load();
    const { hash: current } = operator.template('hot')?.loaded ?? {};
    const kept = () => operator.generations('hot');
    await until(async () => (await kept()).some(({ hash }) => hash === current), { what: 'the generations to be kept' });
    const earlier = (await kept()).find(({ hash }) => hash !== current);
    await operator.putBack('hot', earlier?.hash);
    expect(answerOf(operator)).toBe('back');
    expect(operator.template('hot')).toMatchObject({ state: 'ready', putBack: earlier?.hash });
    await settled(hubs, 'back');
    const next = await restarted();
    expect(answerOf(next)).toBe('back');
    await next.close();
    writePlugin(dir, 'hot', { answer: 'newer' });
    await settled(hubs, 'newer');
    await operator.load();
    expect(operator.template('hot')).toMatchObject({ state: 'ready', putBack: undefined });
    writePlugin(dir, 'hot', { answer: 'new' });
    await settled(hubs, 'new');
    await operator.close();
  });
});

describe('a restart', () => {
  it('with a broken folder runs the last good generation, and its card says why', async () => {
    writePlugin(dir, 'hot', { answer: 'good' });
    await (await restarted()).close();
    writeFileSync(join(dir, 'hot', 'answer.ts'), 'export const ANSWER: string = ;\n');
    const registry = await restarted();
    expect(answerOf(registry)).toBe('good');
    expect(registry.template('hot')).toMatchObject({ state: 'ready', error: expect.stringContaining('hot/answer.ts:1: ') });
    writePlugin(dir, 'hot', { answer: 'mended' });
    await registry.load();
    expect(answerOf(registry)).toBe('mended');
    expect(registry.template('hot')?.error).toBeUndefined();
    await registry.close();
  });

  it('without the folder runs nothing', async () => {
    removePlugin(dir, 'hot');
    const registry = await restarted();
    expect(registry.get('hot')).toBeUndefined();
    expect(registry.template('hot')?.state).toBe('missing');
    writePlugin(dir, 'hot');
  });

  it('keeps the last five generations and no more', async () => {
    const registry = await restarted();
    for (let at = 0; at < 7; at += 1) {
      writePlugin(dir, 'hot', { answer: `number ${at}` });
      await registry.load();
    }
    const kept = await registry.generations('hot');
    expect(kept).toHaveLength(5);
    await registry.putBack('hot', kept[4]?.hash);
    expect(answerOf(registry)).toBe('number 2');
    await registry.putBack('hot', undefined);
    expect(answerOf(registry)).toBe('number 6');
    await expect(registry.putBack('hot', 'f'.repeat(64))).rejects.toThrow('No generation ffffffffffff of hot is kept');
    await expect(registry.putBack('nobody', kept[0]?.hash)).rejects.toThrow('no folder of a plugin "nobody"');
    await registry.close();
  });
});

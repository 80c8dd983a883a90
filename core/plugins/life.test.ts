import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../tests/support/wait.ts';
import { PluginFault, Rejected } from '../sdk/index.ts';
import { bundle } from './bundle.ts';
import { discover } from './discover.ts';
import { Life } from './life.ts';
import { run } from './run.ts';

const QUICK = { lingerMs: 10, boundMs: 60_000 };
let home: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'life-'));
});
afterAll(() => rm(home, { recursive: true }));

/** The default export of a module that a generation runs. */
async function exported<T>(life: Life, code: string): Promise<T> {
  await mkdir(join(home, 'acme'), { recursive: true });
  await writeFile(join(home, 'acme', 'index.ts'), code);
  const [folder] = await discover([home]);
  if (!folder) throw new Error('no folder');
  return run(folder, await bundle(folder, folder.entry, '0'.repeat(64)), { life }) as T;
}

describe('a generation that is disposed of', () => {
  it('lets go of its timers, however it set them', async () => {
    const life = new Life('acme');
    const counts = await exported<Record<string, number>>(
      life,
      `import { setTimeout as sleep } from 'node:timers/promises';
       import { setInterval as every } from 'node:timers';
       import { promisify } from 'node:util';
       const counts = { a: 0, b: 0, c: 0, d: 0, e: 0, f: 0 };
       setInterval(() => { counts.a += 1; }, 1);
       globalThis.setInterval(() => { counts.b += 1; }, 1);
       every(() => { counts.c += 1; }, 1);
       (async () => { for (;;) { await sleep(1); counts.d += 1; } })();
       (async () => { for (;;) { await promisify(setTimeout)(1); counts.e += 1; } })();
       const again = () => { counts.f += 1; setTimeout(again, 1); };
       again();
       export default counts;`,
    );
    await until(() => Object.values(counts).every((count) => count > 1), { what: 'every timer to run' });
    await life.dispose();
    const before = { ...counts };
    await new Promise((done) => setTimeout(done, 30));
    expect(counts).toEqual(before);
  });

  it('lets go of its servers, sockets and listeners', async () => {
    const life = new Life('acme');
    const before = process.listenerCount('SIGUSR2');
    const made = await exported<{ server: Server; closed: () => boolean }>(
      life,
      `import { connect, createServer } from 'node:net';
       const server = createServer().listen(0, '127.0.0.1');
       let closed = false;
       server.once('listening', () => connect(server.address().port, '127.0.0.1').once('close', () => { closed = true; }));
       process.on('SIGUSR2', () => undefined);
       export default { server, closed: () => closed };`,
    );
    await until(() => made.server.listening, { what: 'the server to listen' });
    expect(process.listenerCount('SIGUSR2')).toBe(before + 1);
    await life.dispose();
    expect(process.listenerCount('SIGUSR2')).toBe(before);
    await until(() => made.closed() && !made.server.listening, { what: 'both ends to close' });
  });

  it('waits for the calls under way, and calls what is to be called once', async () => {
    const life = new Life('acme');
    let ended = 0;
    let finish: () => void = () => undefined;
    life.onEnd(() => {
      ended += 1;
    });
    const call = life.during(() => new Promise<void>((done) => (finish = done)));
    life.retire(QUICK);
    await new Promise((done) => setTimeout(done, 40));
    expect(ended).toBe(0);
    finish();
    await call;
    await until(() => ended > 0, { what: 'the end' });
    await life.dispose();
    expect(ended).toBe(1);
  });

  it('is not kept alive for ever by a call that does not end', async () => {
    const life = new Life('acme');
    let ended = false;
    life.onEnd(() => {
      ended = true;
    });
    void life.during(() => new Promise<void>(() => undefined));
    life.retire({ lingerMs: 10, boundMs: 30 });
    await until(() => ended, { what: 'the end' });
  });

  it('may still wait in a call that outlived it', async () => {
    const life = new Life('acme');
    const { slow } = await exported<{ slow(): Promise<string> }>(
      life,
      `import { setTimeout as sleep } from 'node:timers/promises';
       export default { async slow() { await null; await sleep(5); return 'done'; } };`,
    );
    const call = life.during(async () => {
      await life.dispose();
      return slow();
    });
    expect(await call).toBe('done');
  });
});

describe('a fault', () => {
  it('of a timer is counted and not thrown at the process', async () => {
    const faults: string[] = [];
    const life = new Life('acme', (error, where) => faults.push(`${where}: ${(error as Error).message}`));
    await exported(life, `setTimeout(() => { throw new Error('late'); }, 1); export default 1;`);
    await until(() => faults.length > 0, { what: 'the fault' });
    expect(faults).toEqual(['a timer: late']);
  });

  it('is what a plugin may not throw', () => {
    const faults: unknown[] = [];
    const life = new Life('acme', (error) => faults.push(error));
    life.fault(new Rejected('no'), 'a call');
    expect(faults).toEqual([]);
    life.fault(new PluginFault('wrong'), 'a call');
    life.fault('text', 'a call');
    expect(faults).toHaveLength(2);
  });

  it('is to end the process', async () => {
    await expect(exported(new Life('acme'), 'process.exit(3); export default 1;')).rejects.toThrow(
      'acme/index.ts:1: threw while loading: process.exit() is not for plugins',
    );
  });

  it('is to let go of the process that started this one: the hub would take it for its end', async () => {
    const own = Object.getOwnPropertyDescriptor(process, 'disconnect');
    Object.defineProperty(process, 'disconnect', { value: () => undefined, configurable: true });
    try {
      await expect(exported(new Life('acme'), 'process.disconnect(); export default 1;')).rejects.toThrow(
        'process.disconnect() is not for plugins',
      );
    } finally {
      if (own) Object.defineProperty(process, 'disconnect', own);
      else Reflect.deleteProperty(process, 'disconnect');
    }
  });
});

it("leaves a plugin's own variables of those names alone", async () => {
  const code = `function setTimeout(n: number) { return n; }
    const process = { on: () => 'mine' };
    export default [setTimeout(1), process.on(), typeof clearTimeout];`;
  expect(await exported(new Life('acme'), code)).toEqual([1, 'mine', 'function']);
});

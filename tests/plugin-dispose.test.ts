import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { deliverTo, removePlugin, writePlugin } from './support/hot-plugin.ts';
import { type Hub, startHub } from './support/hub.ts';
import { until } from './support/wait.ts';

let home: string;
let dir: string;
let ends: string;
let hub: Hub;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'dispose-'));
  dir = join(home, 'plugins');
  ends = join(home, 'ends.txt');
  write('one');
  hub = await startHub({ PLUGIN_DIRS: dir, SANDBOX: '0' });
});
afterAll(async () => {
  await hub?.close();
  rmSync(home, { recursive: true, force: true });
});

/** A generation that writes down when it is disposed of, and throws then if told so. */
function write(answer: string, afterwards = ''): void {
  const top = `import { appendFileSync } from 'node:fs';\nexport const end = () => { appendFileSync(${JSON.stringify(ends)}, ANSWER + ' '); ${afterwards} };`;
  writePlugin(dir, 'hot', { answer, top, handlers: "dispose: async () => (await import('./webhook.ts')).end()," });
}

const ended = () => (existsSync(ends) ? readFileSync(ends, 'utf8').trim() : '');
const answers = (text: string) =>
  until(async () => (await deliverTo(hub.url, 'hot')).text === text, { what: `the answer "${text}"` });

describe('dispose of a plugin in a running hub', () => {
  it('is called once, after the next generation has taken over', async () => {
    write('two', "throw new Error('not so easy');");
    await answers('two');
    await until(() => ended() === 'one', { what: 'the first generation to be disposed of' });
  });

  it('may throw: the fault is counted, and the next generation serves', async () => {
    write('three');
    await answers('three');
    await until(() => ended() === 'one two', { what: 'the second generation to be disposed of' });
    const fault = async () =>
      (await hub.rows<{ last_error: string }>("select last_error from integration_templates where plugin_id = 'hot'"))[0];
    await until(async () => (await fault())?.last_error?.includes('not so easy'), {
      what: 'the fault to be counted',
    });
  });

  it('is called when the folder is removed, and when the hub closes', async () => {
    removePlugin(dir, 'hot');
    await until(() => ended() === 'one two three', { what: 'the removed one to be disposed of' });
    write('four');
    await answers('four');
    await hub.close();
    expect(ended()).toBe('one two three four');
  });
});

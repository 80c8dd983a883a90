import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRig } from '../sdk/testing/index.ts';
import { discover } from './discover.ts';
import { loadFolder, type Outcome } from './load.ts';

const docs = join(import.meta.dirname, '../../docs');
const home = await mkdtemp(join(tmpdir(), 'docs-'));
let outcome: Outcome;

/** Writes the files a page shows in full: their first line is their path. */
async function writeShown(page: string): Promise<void> {
  const text = await readFile(join(docs, page), 'utf8');
  for (const [, file = '', code = ''] of text.matchAll(/```ts\n\/\/ plugins\/(acme\/(?!acme\.test)[\w.]+)\n(.*?)```/gs)) {
    await mkdir(join(home, 'acme'), { recursive: true });
    await writeFile(join(home, file), code);
  }
}

beforeAll(async () => {
  await writeShown('plugins.md');
  await writeShown('simulators.md');
  const [folder] = await discover([home]);
  if (!folder) throw new Error('the pages show no plugin');
  outcome = await loadFolder(folder);
});
afterAll(() => rm(home, { recursive: true }));

describe('the plugin shown in the docs', () => {
  it('passes the check as it stands there', () => {
    expect(outcome.error).toBeUndefined();
    expect(outcome.plugin?.manifest.name).toBe('Acme');
  });

  it('connects to the simulator shown in the docs, which sends a webhook', async () => {
    if (!outcome.plugin || !outcome.sandbox) throw new Error('nothing loaded');
    const rig = openRig(outcome.plugin, outcome.sandbox, { credentials: { apiKey: 'demo-key' } });
    expect((await rig.connect()).account).toEqual({ externalId: 'acc_1', label: 'Blue Fitness' });
    expect(await rig.instance.commands['addCustomer']?.run({ name: 'Grace' })).toMatchObject({ id: 'cus_2' });
    expect(rig.deliveries).toHaveLength(1);
  });
});

import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadFolder } from './load.ts';
import { sentenceAdvice } from './sentences-check.ts';

const home = await realpath(await mkdtemp(join(tmpdir(), 'sentences-')));
afterAll(() => rm(home, { recursive: true }));

interface Written {
  readonly de: Readonly<Record<string, string>>;
  /** Of `identify.ts`, which the index imports. */
  readonly identify: string;
}

let made = 0;

async function plugin({ de, identify }: Written) {
  made += 1;
  const id = `acme${made}`;
  const dir = join(home, id);
  await mkdir(dir);
  const manifest = {
    ...{ sdk: 1, name: 'Acme', summary: 'Contacts of Acme.', category: 'CRM', docs: 'https://acme.test', apiVersion: '1' },
    baseUrl: 'https://api.acme.test',
    auth: [{ method: 'manual', title: 'Key', guide: 'Copy it.', headers: {}, fields: { type: 'object', properties: {} } }],
    config: { type: 'object', properties: {} },
    sentences: { de },
  };
  await writeFile(
    join(dir, 'index.ts'),
    `import { definePlugin } from 'patchbay';
import { identify } from './identify.ts';
export default definePlugin(${JSON.stringify(manifest)}, { identify });`,
  );
  await writeFile(join(dir, 'identify.ts'), `import { Rejected } from 'patchbay';\n${identify}`);
  await writeFile(join(dir, 'sandbox.ts'), `export default 'This is only said in the simulator.';`);
  return { id, dir, path: dir, label: id, entry: 'index.ts', sandbox: undefined };
}

const refusal = `export async function identify(_, grant) {
  const why = grant.old ? 'This key is too old' : 'Acme does not know this key';
  throw new Rejected(\`\${why}. Make one for \${grant.name}, then connect again.\`);
}`;

describe('what a plugin says while it runs', () => {
  it('is named by file, line and sentence where a language it speaks has no translation of it', async () => {
    const folder = await plugin({ de: { 'This key is too old': 'Dieser Schlüssel ist zu alt' }, identify: refusal });
    const says = (line: number, sentence: string) =>
      `${folder.id}/identify.ts:${line}: says "${sentence}", which sentences.de has no translation of`;
    expect(await sentenceAdvice(folder, {})).toEqual([
      says(3, 'Acme does not know this key'),
      says(4, '{why}. Make one for {name}, then connect again.'),
    ]);
  });

  it('is complete where the plugin or the hub translates each of its sentences, whatever the places are called', async () => {
    const de = {
      'This key is too old': 'Dieser Schlüssel ist zu alt',
      'Acme does not know this key': 'Acme kennt diesen Schlüssel nicht',
      '{reason}. Make one for {who}, then connect again.': '{reason}. Legen Sie einen für {who} an, dann verbinden Sie neu.',
    };
    expect(await sentenceAdvice(await plugin({ de, identify: refusal }), {})).toEqual([]);
    const { 'This key is too old': old, ...others } = de;
    const hub = { de: { 'This key is too old': old } };
    expect(await sentenceAdvice(await plugin({ de: others, identify: refusal }), hub)).toEqual([]);
  });

  it('is not complete where a place of another sentence would swallow words nobody translates', async () => {
    const identify = `export const identify = async (_, { name }) => { throw new Rejected(\`Connected to \${name}, with little left.\`); };`;
    const folder = await plugin({ de: { 'Connected to {account}.': 'Verbunden mit {account}.' }, identify });
    expect(await sentenceAdvice(folder, {})).toEqual([expect.stringContaining('Connected to {name}, with little left.')]);
  });

  it('leaves out what is for the log and for whoever writes the plugin', async () => {
    const identify = `export const identify = async ({ log }) => {
      log.info('the account was read');
      throw new Error('this cannot be reached');
    };`;
    expect(await sentenceAdvice(await plugin({ de: {}, identify }), {})).toEqual([]);
  });

  it('is missed where it is translated and no longer said', async () => {
    const identify = 'export const identify = async () => undefined;';
    const folder = await plugin({ de: { 'This key was never made here.': 'Diesen Schlüssel gab es nie.' }, identify });
    expect(await sentenceAdvice(folder, {})).toEqual([
      `${folder.id}: sentences.de translates "This key was never made here.", which the plugin does not say`,
    ]);
  });
});

describe('a translation of a sentence', () => {
  it.each([
    ['Made for {who}.', 'Für {wem} gemacht.', 'sentences.de translates "Made for {who}.", and only one of the two has {wem}'],
    ['Made for {who}.', 'Gemacht.', 'only one of the two has {who}; give both the same places'],
    ['From {a} to {a}.', 'Von {a} bis {a}.', 'where {a} stands twice; give each place a name of its own'],
  ])('that says of something else keeps the plugin from being loaded: %s as %s', async (sentence, other, said) => {
    const folder = await plugin({ de: { [sentence]: other }, identify: 'export const identify = async () => undefined;' });
    expect((await loadFolder(folder)).error).toContain(said);
  });
});

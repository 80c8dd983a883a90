import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readConfig } from '../config.ts';
import type { Io } from './command.ts';
import { pluginCheckCommand } from './plugin-check.ts';
import { pluginNewCommand } from './plugin-new.ts';

const root = join(import.meta.dirname, '../..');
const home = await realpath(await mkdtemp(join(tmpdir(), 'author-')));
afterAll(() => rm(home, { recursive: true }));

/** A terminal on which `typed` is typed; without it a pipe. */
function terminal(typed?: readonly string[]): Io & { readonly said: string[] } {
  const said: string[] = [];
  const say = (line: string) => void said.push(line);
  return {
    said,
    out: say,
    err: say,
    readSecret: async () => '',
    readConfig: () => readConfig({}),
    ...(typed && { readLines: async (prompts: readonly string[]) => typed.slice(0, prompts.length) }),
  };
}

async function write(id: string, flags: readonly string[], typed?: readonly string[]): Promise<string[]> {
  const io = terminal(typed);
  expect(await pluginNewCommand.run([id, '--dir', home, ...flags], io)).toBe(0);
  return (await readdir(join(home, id))).sort();
}

async function check(path: string): Promise<{ code: number; said: string }> {
  const io = terminal();
  const code = await pluginCheckCommand.run([path], io);
  return { code, said: io.said.join('\n') };
}

async function edit(file: string, from: string, to: string): Promise<void> {
  const text = await readFile(join(home, file), 'utf8');
  expect(text).toContain(from);
  await writeFile(join(home, file), text.replace(from, to));
}

function run(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((done) => {
    const child = execFile(process.execPath, [...args], { cwd: '/', maxBuffer: 1e8 }, (_, out, err) =>
      done({ code: child.exitCode, output: `${out}${err}` }),
    );
  });
}

describe('hub plugin new', () => {
  it('writes what the flags ask for', async () => {
    expect(await write('flags', ['--oauth', '--actions'])).toEqual(
      expect.arrayContaining(['actions.ts', 'flags.test.ts', 'sandbox-oauth.ts']),
    );
    expect(existsSync(join(home, 'flags/sync.ts'))).toBe(false);
  });

  it('asks on a terminal, and takes what is usual for a blank answer', async () => {
    const files = await write('asked', [], ['', '', 'n', '', 'yes']);
    expect(files).toEqual(expect.arrayContaining(['actions.ts', 'sync.ts']));
    expect(files.filter((name) => /webhook|oauth/.test(name))).toEqual([]);
  });

  it('writes nothing when the questions are not answered to the end', async () => {
    const io = terminal(['y']);
    expect(await pluginNewCommand.run(['broken-off', '--dir', home], io)).toBe(1);
    expect(io.said).toEqual(['Nothing was written.']);
    expect(existsSync(join(home, 'broken-off'))).toBe(false);
  });

  it('writes where the hub looks, and says where that is', async () => {
    const io = terminal();
    const elsewhere = { ...io, readConfig: () => readConfig({ PLUGIN_DIRS: `${home}:/opt/more` }) };
    expect(await pluginNewCommand.run(['found', '--keys'], elsewhere)).toBe(0);
    expect(io.said).toContain(`  ${join(home, 'found')}/index.ts`);
  });

  it('asks nobody where there is no terminal', async () => {
    expect(await write('piped', [])).toEqual(expect.arrayContaining(['sync.ts']));
  });

  // util-linux brings `script`, which gives a command a terminal.
  const onTerminal = process.platform === 'linux' && existsSync('/usr/bin/script') ? it : it.skip;
  onTerminal(
    'reads a real terminal, also what is typed ahead',
    async () => {
      const hub = [process.execPath, join(root, 'bin/hub.js'), 'plugin', 'new', 'typed', '--dir', home].join(' ');
      const child = spawn('/usr/bin/script', ['-qec', hub, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
      let shown = '';
      child.stdout.on('data', (data: Buffer) => {
        shown += data;
      });
      child.stdin.write('y\nn\nn\n\ny\n');
      expect(await new Promise((ended) => child.on('exit', ended))).toBe(0);
      expect(shown).toContain('Shall stores write to the provider (actions)? [y/N]');
      expect(await readdir(join(home, 'typed'))).toEqual(expect.arrayContaining(['actions.ts', 'sandbox-oauth.ts', 'sync.ts']));
    },
    60_000,
  );
});

describe('hub plugin check', () => {
  it('names the folder as it was given', async () => {
    await write('named', ['--keys', '--sync']);
    expect(await check(`${home}/named/`)).toEqual({ code: 0, said: `${home}/named: gold\nEvery rule is kept.` });
  });

  it('says after the grade, and beside it, which sentences a language of the plugin does not have', async () => {
    await write('told', ['--keys', '--sync']);
    await edit(
      'told/manifest.ts',
      "category: 'CRM',",
      "category: 'CRM',\n  sentences: { de: { 'Nobody says so.': 'Sagt niemand.' } },",
    );
    const { code, said } = await check(join(home, 'told'));
    expect(code).toBe(0);
    expect(said).toMatch(
      /told: gold\nEvery rule is kept\.\n\n.*told\/\w+\.ts:\d+: says ".*", which sentences\.de has no translation of/,
    );
    expect(said).toContain('told: sentences.de translates "Nobody says so.", which the plugin does not say');
    expect(said).toMatch(/\n\d+ sentences to translate, or to take out; the grade does not count them\.$/);
  });

  it('says after the grade what the bundler doubts', async () => {
    await write('doubtful', ['--keys']);
    await edit('doubtful/index.ts', 'import', 'export const here = import.meta.url;\nimport');
    const { code, said } = await check(join(home, 'doubtful'));
    expect(code).toBe(0);
    expect(said).toMatch(
      /doubtful: \w+\n.*\n\n.*\/doubtful\/index\.ts:1: "import\.meta" is not available .*\n\nThe bundler takes this/,
    );
  });

  it('says file and line of what does not run', async () => {
    await write('broken', ['--keys', '--sync']);
    await edit('broken/sync.ts', 'for (;;) {', 'for (;;) {{');
    const { code, said } = await check(join(home, 'broken'));
    expect(code).toBe(1);
    expect(said).toMatch(new RegExp(`^${home}/broken/sync\\.ts:\\d+: P002: `));
  });

  it('lets the TypeScript compiler read the folder, tests included, and says what it finds beside the grade', async () => {
    await write('typed-wrong', ['--keys', '--sync']);
    await edit('typed-wrong/sync.ts', 'config.since ?', 'config.sinse ?');
    await edit('typed-wrong/typed-wrong.test.ts', 'bench.press(', 'bench.shut(');
    const { code, said } = await check(join(home, 'typed-wrong'));
    expect(code).toBe(1);
    expect(said).toMatch(/typed-wrong\/sync\.ts:\d+: TS\d+: Property 'sinse' does not exist/);
    expect(said).toMatch(/typed-wrong\.test\.ts:\d+: TS\d+: Property 'shut' does not exist/);
    expect(said).toContain('typed-wrong: gold\nEvery rule is kept.\nThe TypeScript compiler finds 3 mistakes;');
  });

  it('takes a folder of JavaScript without a compiler', async () => {
    await mkdir(join(home, 'plain'));
    await writeFile(join(home, 'plain/index.js'), 'export default 1;\n');
    expect((await check(join(home, 'plain'))).said).not.toContain('TypeScript');
  });
});

describe('bin/test.js', () => {
  const test = (path: string) => run([join(root, 'bin/test.js'), path]);

  it('says of a folder that is not there that it is not', async () => {
    const { code, output } = await test(join(home, 'nothere'));
    expect(code).toBe(1);
    expect(output).toBe(`There is no folder ${join(home, 'nothere')}.\n`);
  });

  it('says in a sentence that a plugin has no tests, and which to write', async () => {
    await write('untested', ['--keys']);
    await rm(join(home, 'untested/untested.test.ts'));
    const { code, output } = await test(join(home, 'untested'));
    expect(code).toBe(1);
    expect(output).toMatch(/untested has no tests: write .*\/untested\/untested\.test\.ts, which calls testPlugin\(.*\n$/);
  });

  it('runs those of a folder that lies outside the hub, and says in a sentence what is not there', async () => {
    await write('outside', ['--keys']);
    expect(await test(join(home, 'outside'))).toMatchObject({ code: 0, output: expect.stringContaining('1 passed, 1 total') });
    await rm(join(home, 'outside/icon.svg'));
    const { code, output } = await test(join(home, 'outside'));
    expect(code).toBe(1);
    expect(output).toContain('There is no icon.svg in ');
    expect(output).not.toContain('ENOENT');
  });
});

import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { discover } from '../discover.ts';
import { gradeFolder } from '../grade.ts';
import { type Abilities, writePlugin } from './scaffold.ts';

const root = join(import.meta.dirname, '../../..');
const home = await realpath(await mkdtemp(join(tmpdir(), 'new-')));
afterAll(() => rm(home, { recursive: true }));

const NAMES = ['oauth', 'keys', 'webhooks', 'sync', 'actions'] as const;

/** Every choice of flags but none; a plugin without a way to connect gets keys, as the command does it. */
const CHOICES = Array.from({ length: 31 }, (_, i) => NAMES.filter((_, bit) => ((i + 1) & (1 << bit)) !== 0));

function abilities(chosen: readonly string[]): Abilities {
  const has = (name: string) => chosen.includes(name);
  const [oauth, webhooks, sync, actions] = [has('oauth'), has('webhooks'), has('sync'), has('actions')];
  return { oauth, keys: has('keys') || !oauth, webhooks, sync, actions };
}

function tool(args: readonly string[], cwd = root): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...args], { cwd, maxBuffer: 1e8 }, (_, out, err) =>
      resolve({ code: child.exitCode ?? 1, output: `${out}${err}` }),
    );
  });
}

beforeAll(async () => {
  for (const chosen of CHOICES) await writePlugin(home, chosen.join('-'), abilities(chosen));
});

describe('a new plugin', () => {
  it.each(CHOICES.map((chosen) => [chosen.join(', '), chosen.join('-')]))('is gold as it is written, with %s', async (_, id) => {
    const folder = (await discover([home])).find((one) => one.id === id);
    if (!folder) throw new Error(`no folder ${id}`);
    expect(await gradeFolder(folder)).toMatchObject({ grade: 'gold', findings: [] });
  });

  it('is formatted and typed as the hub wants it, whatever its name and flags', async () => {
    await writePlugin(home, 'a-long-name-of-exactly-forty-characterss', abilities([...NAMES]));
    const folders = await readdir(home);
    const { formatter, javascript, linter } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
    linter.rules.style.noDefaultExport = 'off';
    await writeFile(
      join(home, 'biome.json'),
      JSON.stringify({ formatter, javascript, linter, files: { includes: ['**/*.ts'] } }),
    );
    const biome = await tool([join(root, 'node_modules/@biomejs/biome/bin/biome'), 'ci', '--colors=off', ...folders], home);
    expect(biome.code === 0 ? '' : biome.output).toBe('');
    await symlink(join(root, 'node_modules'), join(home, 'node_modules'));
    await writeFile(join(home, 'package.json'), '{"type":"module"}');
    await writeFile(join(home, 'tsconfig.json'), JSON.stringify(typesConfig()));
    expect(await tool([join(root, 'node_modules/typescript/bin/tsc'), '-p', home])).toEqual({ code: 0, output: '' });
  });

  it('passes its own tests at once', async () => {
    const { default: base } = (await import(join(root, 'jest.config.js'))) as { default: Record<string, unknown> };
    const { globalSetup: _, globalTeardown: __, ...config } = base;
    const text = JSON.stringify({ ...config, rootDir: home }).replaceAll('<rootDir>', root);
    const { transform, ...whole } = JSON.parse(text) as Record<string, Record<string, unknown[]>>;
    const [pattern, [, swc]] = Object.entries(transform as Record<string, unknown[]>)[0] as [string, unknown[]];
    whole['transform'] = { [pattern]: [join(root, 'node_modules/@swc/jest'), swc] };
    const jestGlobals = { '^@jest/globals$': join(root, 'node_modules/@jest/globals') };
    whole['moduleNameMapper'] = { ...(whole['moduleNameMapper'] as object), ...jestGlobals } as never;
    const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
    const chosen = ['oauth-keys-webhooks-sync-actions', 'webhooks'].map((id) => join(home, id, `${id}.test.ts`));
    const result = await tool([...jest, '--config', JSON.stringify(whole), '--runTestsByPath', ...chosen], home);
    expect(result).toMatchObject({ code: 0, output: expect.stringContaining('2 passed, 2 total') });
  });

  it('is refused under a name that is no id, and where a folder is there already', async () => {
    await expect(writePlugin(home, 'Acme Co', abilities(['sync']))).rejects.toThrow(
      '"Acme Co" is no plugin id; it takes 2 to 40',
    );
    await expect(writePlugin(home, 'sync', abilities(['sync']))).rejects.toThrow('is there already; choose another id');
  });
});

function typesConfig() {
  return {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      typeRoots: [join(root, 'node_modules/@types')],
      paths: {
        patchbay: [join(root, 'core/sdk/index.ts')],
        'patchbay/simulator': [join(root, 'core/sdk/simulator/index.ts')],
        'patchbay/testing': [join(root, 'core/sdk/testing/index.ts')],
      },
    },
    include: ['.'],
  };
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { shownPath } from './bundle-words.ts';
import { isWithin } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';

export interface TypeCheck {
  /** `plugins/acme/sync.ts:12: TS2339: Property …` */
  readonly faults: readonly string[];
  /** Why nothing could be checked. */
  readonly skipped?: string;
}

const NEEDED = ['typescript/bin/tsc', '@types/node/package.json', '@jest/globals/package.json'];

/**
 * Runs the TypeScript compiler over a plugin's folder, tests included, as it would be bundled: by its own `tsconfig.json`,
 * else as strictly as the hub's own code.
 * A hub installed with `--omit=dev` has no types of Node to check against.
 */
export async function checkTypes(folder: PluginFolder): Promise<TypeCheck> {
  if (!(await holdsTypeScript(folder.dir))) return { faults: [] };
  const root = hubRoot();
  const missing = NEEDED.some((file) => !existsSync(join(root, 'node_modules', file)));
  if (missing) return { faults: [], skipped: 'the hub was installed without what it is developed with; run npm ci there' };
  const home = await realpath(await mkdtemp(join(tmpdir(), 'patchbay-types-')));
  try {
    const project = join(home, 'tsconfig.json');
    await writeFile(project, JSON.stringify(projectFor(folder.dir, root)));
    return { faults: faultsIn(folder, await compile(folder.dir, { root, project })) };
  } finally {
    await rm(home, { recursive: true });
  }
}

/** The plugin need not lie below the hub for the compiler to find the SDK and the types of Node. */
function projectFor(dir: string, root: string): object {
  const own = join(dir, 'tsconfig.json');
  const types = existsSync(own) ? {} : { types: ['node'], typeRoots: [join(root, 'node_modules/@types')] };
  return {
    extends: existsSync(own) ? own : join(root, 'tsconfig.json'),
    compilerOptions: {
      ...types,
      module: 'esnext',
      moduleResolution: 'bundler',
      noEmit: true,
      allowImportingTsExtensions: true,
      paths: {
        patchbay: [join(root, 'core/sdk/index.ts')],
        'patchbay/simulator': [join(root, 'core/sdk/simulator/index.ts')],
        'patchbay/testing': [join(root, 'core/sdk/testing/index.ts')],
        '@jest/globals': [join(root, 'node_modules/@jest/globals')],
      },
    },
    include: [dir],
    exclude: [join(dir, 'node_modules'), join(dir, '**/__fixtures__')],
  };
}

function compile(cwd: string, { root, project }: { root: string; project: string }): Promise<string> {
  const args = [join(root, 'node_modules/typescript/bin/tsc'), '-p', project, '--pretty', 'false'];
  return new Promise((resolve, fail) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 1e8 }, (error, out, err) => {
      if (error && out === '') fail(new Error(`The TypeScript compiler could not run: ${err || error.message}`));
      else resolve(out);
    });
  });
}

const FAULT = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/;

/** Faults in files that are not the plugin's are not its author's to mend. */
function faultsIn(folder: PluginFolder, output: string): string[] {
  return output.split('\n').flatMap((line) => {
    const [, file = '', at, said] = line.match(FAULT) ?? [];
    const path = resolve(folder.dir, file);
    return said !== undefined && isWithin(folder.dir, path) ? [`${shownPath(folder, path)}:${at}: ${said}`] : [];
  });
}

async function holdsTypeScript(dir: string): Promise<boolean> {
  return (await readdir(dir)).some((name) => name.endsWith('.ts'));
}

/** From `core/plugins` and from `dist/core/plugins` alike. */
function hubRoot(): string {
  for (let dir = import.meta.dirname; dir !== dirname(dir); dir = dirname(dir)) {
    if (existsSync(join(dir, 'core/sdk/index.ts'))) return dir;
  }
  throw new Error('The sources of the SDK were not found beside package.json; reinstall the package.');
}

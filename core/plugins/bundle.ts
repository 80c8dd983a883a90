import { readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { isAbsolute, join } from 'node:path';
import type { BuildResult, OnResolveArgs, OnResolveResult, Plugin as Step } from 'esbuild';
import * as sdk from '../sdk/index.ts';
import { whyNotBundled, written } from './bundle-words.ts';
import { isWithin } from './content-hash.ts';
import type { PluginFolder } from './discover.ts';
import { HOST_MODULES, hostId } from './host-modules.ts';

/** One module of a plugin with everything it imports, ready to run. */
export interface Bundle {
  readonly code: string;
  /** Where the code pretends to lie, so that its source map leads to the author's files. No such file exists. */
  readonly filename: string;
  /** Files of the folder's own packages that went in, relative to it. */
  readonly packages: readonly string[];
  /** What the bundler doubts, file and line first. */
  readonly warnings: readonly string[];
}

type Built = Pick<BuildResult<{ metafile: true; write: false }>, 'outputFiles' | 'metafile'>;

/** The id under which the bundle asks for what stands in for these globals, so that a generation's timers and listeners end with it. */
export const HOST_GLOBALS = 'patchbay:globals';
const GLOBALS = ['setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'clearImmediate', 'process'];

/** Of one file with all it imports. A version this large holds up everybody while it is read, and is kept in the database. */
const MOST_MEGABYTES = 16;

const RESOLVED = Symbol('resolved');

/**
 * Bundles one file of a plugin folder to a CommonJS module with an inline source map.
 * @throws PluginFault naming file, line and what is wrong
 */
export async function bundle(folder: PluginFolder, file: string, hash: string): Promise<Bundle> {
  const filename = bundleName(folder, file, hash);
  // Most starts bundle nothing.
  const { build } = await import('esbuild');
  try {
    const result = await build({
      ...OPTIONS,
      absWorkingDir: folder.dir,
      entryPoints: [join(folder.dir, file)],
      outfile: filename,
      metafile: true,
      inject: [HOST_GLOBALS],
      plugins: [hostModules(), hostGlobals(), insideOnly(folder)],
    });
    refuseHuge(folder, result);
    const packages = Object.keys(result.metafile.inputs).filter((input) => /^node_modules\//.test(input));
    const warnings = result.warnings.map((one) => written(folder, one));
    return { code: result.outputFiles[0]?.text ?? '', filename, packages, warnings };
  } catch (error) {
    if (sdk.hubError(error)) throw error;
    throw new sdk.PluginFault(whyNotBundled(folder, error), { cause: error });
  }
}

/** @throws PluginFault naming the file that weighs most */
function refuseHuge({ label }: PluginFolder, { outputFiles: [output], metafile }: Built): void {
  const megabytes = (bytes: number) => Math.round(bytes / 2 ** 20);
  const size = output?.contents.length ?? 0;
  if (size <= MOST_MEGABYTES * 2 ** 20) return;
  const [largest] = Object.entries(metafile.inputs).sort(([, a], [, b]) => b.bytes - a.bytes);
  throw new sdk.PluginFault(
    `${label}/${largest?.[0]}: has ${megabytes(largest?.[1].bytes ?? 0)} MB of a bundle of ${megabytes(size)} MB; ${MOST_MEGABYTES} MB is the most, so read data from a file when it is needed and import less`,
  );
}

/** Where a bundle of this file and hash pretends to lie. */
export function bundleName(folder: PluginFolder, file: string, hash: string): string {
  return join(folder.dir, `.${file.replace(/\.[jt]s$/, '')}-${hash.slice(0, 12)}.cjs`);
}

const OPTIONS = {
  bundle: true,
  write: false,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  sourcemap: 'inline',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'silent',
  // The hub's own tsconfig.json lies above the plugin and must not decide how it is read.
  tsconfigRaw: { compilerOptions: { target: 'es2023', experimentalDecorators: true } },
  // `import(x)` becomes `require(x)`, which the host answers and refuses like any other.
  supported: { 'dynamic-import': false },
  define: {
    'import.meta.dirname': '__dirname',
    'import.meta.filename': '__filename',
    ...Object.fromEntries(GLOBALS.flatMap((name) => [`globalThis.${name}`, `global.${name}`].map((full) => [full, name]))),
  },
} as const;

/** Lists the names the hub's modules export, so that a misspelt import is an error of the bundle with file and line. */
function hostModules(): Step {
  return {
    name: 'host-modules',
    setup(step) {
      step.onResolve({ filter: /.*/, namespace: 'host' }, ({ path }) => ({ path, external: true }));
      step.onResolve({ filter: /^patchbay(\/|$)/ }, ({ path }) =>
        HOST_MODULES.has(path) ? { path, namespace: 'host', sideEffects: false } : undefined,
      );
      step.onLoad({ filter: /.*/, namespace: 'host' }, ({ path }) => ({ contents: reexport(path), loader: 'js' }));
    },
  };
}

function reexport(path: string): string {
  const names = Object.keys(HOST_MODULES.get(path) ?? {}).map((name) => `export const ${name} = host.${name};`);
  return [`const host = require(${JSON.stringify(hostId(path))});`, ...names].join('\n');
}

/** Only free names are replaced, and only those a plugin uses: its own variables of the same name stay. */
function hostGlobals(): Step {
  const names = GLOBALS.map((name) => `const own_${name} = host.${name}; export { own_${name} as ${name} };`);
  const contents = [`const host = require(${JSON.stringify(HOST_GLOBALS)});`, ...names].join('\n');
  return {
    name: 'host-globals',
    setup(step) {
      // The first that answers decides: what is injected asks the host under the same name.
      step.onResolve({ filter: /.*/, namespace: 'host-globals' }, ({ path }) => ({ path, external: true }));
      step.onResolve({ filter: /^patchbay:globals$/ }, () => ({
        path: 'globals',
        namespace: 'host-globals',
        sideEffects: false,
      }));
      step.onLoad({ filter: /.*/, namespace: 'host-globals' }, () => ({ contents, loader: 'js' }));
    },
  };
}

/** Lets a plugin reach Node's built-ins, its own files and its own packages, and nothing else. */
function insideOnly(folder: PluginFolder): Step {
  return {
    name: 'inside-only',
    setup(step) {
      step.onResolve({ filter: /.*/ }, async (args): Promise<OnResolveResult | undefined> => {
        if (args.kind === 'entry-point' || args.pluginData === RESOLVED) return undefined;
        if (isBuiltin(args.path)) return { path: args.path, external: true };
        if (/^patchbay\//.test(args.path)) return refused(args);
        const found = await step.resolve(args.path, { ...pick(args), pluginData: RESOLVED });
        if (found.errors.length > 0) return { errors: [{ text: unresolved(args.path) }] };
        return (await isInside(folder.dir, found.path)) ? { path: found.path, sideEffects: found.sideEffects } : refused(args);
      });
    },
  };
}

function pick({ importer, kind, namespace, resolveDir, with: attributes }: OnResolveArgs) {
  return { importer, kind, namespace, resolveDir, with: attributes };
}

function refused({ path }: OnResolveArgs): OnResolveResult {
  const text = `"${path}" is out of a plugin's reach; import "patchbay", Node's built-ins, files of this folder and packages in its own node_modules`;
  return { errors: [{ text }] };
}

function unresolved(path: string): string {
  return /^\.{0,2}\//.test(path)
    ? `there is no file "${path}"`
    : `the package "${path}" is not in this plugin's own node_modules; install it in the plugin's folder`;
}

async function isInside(dir: string, path: string): Promise<boolean> {
  return isAbsolute(path) && isWithin(dir, await realpath(path).catch(() => path));
}

/**
 * What the bundler doubts of a plugin that it bundles all the same, such as an `import.meta.url`, which is empty in a bundle.
 * Nothing where it does not bundle: that is P002.
 */
export async function bundleWarnings(folder: PluginFolder): Promise<readonly string[]> {
  const files = [folder.entry, ...(folder.sandbox === undefined ? [] : [folder.sandbox])];
  const made = await Promise.all(files.map((file) => bundle(folder, file, '').catch(() => undefined)));
  return [...new Set(made.flatMap((one) => one?.warnings ?? []))];
}

/** The text of a file of the folder, or undefined where there is none. */
export async function readIfThere(folder: PluginFolder, file: string): Promise<string | undefined> {
  return await readFile(join(folder.dir, file), 'utf8').catch(() => undefined);
}

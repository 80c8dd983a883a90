import { readFile, realpath } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { build, type Message, type OnResolveArgs, type OnResolveResult, type Plugin as Step } from 'esbuild';
import * as sdk from '../sdk/index.ts';
import type { PluginFolder } from './discover.ts';

/** One module of a plugin with everything it imports, ready to run. */
export interface Bundle {
  readonly code: string;
  /** Where the code pretends to lie, so that its source map leads to the author's files. No such file exists. */
  readonly filename: string;
}

/** The id under which the bundle asks the host for its SDK. */
export const HOST_SDK = 'patchbay:sdk';

const RESOLVED = Symbol('resolved');

/**
 * Bundles one file of a plugin folder to a CommonJS module with an inline source map.
 * @throws PluginFault naming file, line and what is wrong
 */
export async function bundle(folder: PluginFolder, file: string, hash: string): Promise<Bundle> {
  const filename = join(folder.dir, `.${file.replace(/\.[jt]s$/, '')}-${hash.slice(0, 12)}.cjs`);
  try {
    const result = await build({
      ...OPTIONS,
      absWorkingDir: folder.dir,
      entryPoints: [join(folder.dir, file)],
      outfile: filename,
      plugins: [hostSdk(), insideOnly(folder)],
    });
    return { code: result.outputFiles[0]?.text ?? '', filename };
  } catch (error) {
    throw new sdk.PluginFault(describe(folder, error), { cause: error });
  }
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
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
} as const;

/** Lists the SDK's names, so that a misspelt import is an error of the bundle with file and line. */
function hostSdk(): Step {
  const names = Object.keys(sdk).map((name) => `export const ${name} = sdk.${name};`);
  const contents = [`const sdk = require(${JSON.stringify(HOST_SDK)});`, ...names].join('\n');
  return {
    name: 'host-sdk',
    setup(step) {
      step.onResolve({ filter: /^patchbay$/ }, () => ({ path: 'patchbay', namespace: 'host', sideEffects: false }));
      step.onResolve({ filter: /.*/, namespace: 'host' }, ({ path }) => ({ path, external: true }));
      step.onLoad({ filter: /.*/, namespace: 'host' }, () => ({ contents, loader: 'js' }));
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
  if (!isAbsolute(path)) return false;
  const from = relative(dir, await realpath(path).catch(() => path));
  return from !== '..' && !from.startsWith(`..${sep}`) && !isAbsolute(from);
}

function describe(folder: PluginFolder, error: unknown): string {
  const messages = (error as { errors?: readonly Message[] }).errors;
  const [first, ...others] = messages ?? [];
  if (!first) return `${folder.label}: cannot be bundled: ${error instanceof Error ? error.message : String(error)}`;
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  const place = first.location ? shownPath(folder, resolve(folder.dir, first.location.file)) : folder.label;
  const line = first.location ? `:${first.location.line}` : '';
  return `${place}${line}: ${inAuthorsWords(first.text)}${more}`;
}

function inAuthorsWords(text: string): string {
  if (text.startsWith('Top-level await')) return '`await` is not possible at the top of a module; move it into a handler';
  return text.replace('"host:patchbay"', '"patchbay"');
}

/** `plugins/acme/manifest.ts` for a file of the folder. */
export function shownPath(folder: PluginFolder, file: string): string {
  return `${folder.label}/${relative(folder.dir, file).replaceAll('\\', '/')}`;
}

/** The text of a file of the folder, or undefined where there is none. */
export async function readIfThere(folder: PluginFolder, file: string): Promise<string | undefined> {
  return await readFile(join(folder.dir, file), 'utf8').catch(() => undefined);
}

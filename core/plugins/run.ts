import { isBuiltin, Module, SourceMap } from 'node:module';
import { dirname, resolve } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import * as sdk from '../sdk/index.ts';
import { type Bundle, HOST_GLOBALS } from './bundle.ts';
import { shownPath } from './bundle-words.ts';
import type { PluginFolder } from './discover.ts';
import { hostModule } from './host-modules.ts';
import { Life } from './life.ts';

/** How long a module may take to load; what it does there is declare things. */
const LOAD_MS = 5_000;

interface Compilable extends Module {
  _compile(code: string, filename: string): void;
}

export interface RunOptions {
  /** Whose timers, sockets and listeners the module's are. */
  readonly life?: Life;
  readonly timeoutMs?: number;
}

/**
 * Runs a bundle and hands back what it exports by default.
 * @throws PluginFault naming file, line and what is wrong; also when the module does not finish loading
 */
export function run(folder: PluginFolder, bundle: Bundle, options: RunOptions = {}): unknown {
  const { life = new Life(folder.id), timeoutMs = LOAD_MS } = options;
  const module = new Module(bundle.filename) as Compilable;
  module.filename = bundle.filename;
  life.hold(module);
  module.require = ((specifier: string) => hostRequire(specifier, life)) as typeof module.require;
  try {
    life.inside(() => within(timeoutMs, () => module._compile(bundle.code, bundle.filename)));
  } catch (error) {
    throw new sdk.PluginFault(describe(folder, bundle, { error, timeoutMs }), { cause: error });
  }
  return (module.exports as { default?: unknown } | undefined)?.default;
}

/**
 * Calls `work` and ends it after `timeoutMs`, endless loops included: the limit of a script in a context of its own also
 * holds for the functions that script calls.
 * @throws whatever `work` throws, or an error with the code `ERR_SCRIPT_EXECUTION_TIMEOUT`
 */
export function within<T>(timeoutMs: number, work: () => T): T {
  return runInContext('work()', createContext({ work }), { timeout: timeoutMs }) as T;
}

export function isTimeout(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** The part of the world a plugin may ask for at run time; what it imports by name was settled when it was bundled. */
function hostRequire(specifier: string, life: Life): unknown {
  const own = hostModule(specifier);
  if (own) return own;
  if (specifier === HOST_GLOBALS) return life.globals;
  if (isBuiltin(specifier)) return life.builtin(specifier);
  throw new sdk.PluginFault(
    `"${specifier}" is out of a plugin's reach; import "patchbay", Node's built-ins, files of this folder and packages in its own node_modules`,
  );
}

function describe(folder: PluginFolder, bundle: Bundle, at: { error: unknown; timeoutMs: number }): string {
  if (isTimeout(at.error)) {
    return `${folder.label}: did not finish loading within ${at.timeoutMs / 1000} seconds; do nothing at the top of a module but declare`;
  }
  return `${placeOf(folder, bundle, at.error)}: threw while loading: ${messageOf(at.error)}`;
}

export function messageOf(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message;
  return typeof message === 'string' && message !== '' ? message : String(error);
}

/** `plugins/acme/index.ts:5`: the first line of the author's own in the error's stack. */
function placeOf(folder: PluginFolder, { filename, code }: Bundle, error: unknown): string {
  const stack = String((error as { stack?: unknown } | null)?.stack ?? '');
  const mapped = lineAfter(stack, folder.dir, filename);
  if (mapped) return `${shownPath(folder, mapped.file)}:${mapped.line}`;
  const raw = stack
    .split(`${filename}:`)
    .map((rest) => rest.match(/^(\d+):(\d+)/))
    .find((match) => match !== null);
  const source = raw && originOf(code, Number(raw[1]), Number(raw[2]));
  return source ? `${shownPath(folder, resolve(dirname(filename), source.file))}:${source.line}` : folder.label;
}

/** Where Node has already applied the source map. */
function lineAfter(stack: string, dir: string, filename: string): { file: string; line: string } | undefined {
  for (const frame of stack.split('\n').slice(1)) {
    const start = frame.indexOf(dir);
    const place = start < 0 || frame.includes(filename) ? undefined : frame.slice(start).match(/^(.*?):(\d+):\d+/);
    if (place) return { file: place[1] ?? '', line: place[2] ?? '' };
  }
  return undefined;
}

/** Where a place of a bundle (from 1) was written, by its source map; the file is relative to the bundle's. */
export function originOf(code: string, line: number, column: number): { file: string; line: number } | undefined {
  const encoded = code.match(/\n\/\/# sourceMappingURL=data:application\/json;base64,([A-Za-z0-9+/=]+)\s*$/)?.[1];
  if (!encoded) return undefined;
  const map = new SourceMap(JSON.parse(Buffer.from(encoded, 'base64').toString()));
  const entry = map.findEntry(line - 1, column - 1);
  return 'originalSource' in entry ? { file: entry.originalSource, line: entry.originalLine + 1 } : undefined;
}

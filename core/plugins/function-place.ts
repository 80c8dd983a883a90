import { dirname, resolve } from 'node:path';
import type { Bundle } from './bundle.ts';
import { shownPath } from './bundle-words.ts';
import type { PluginFolder } from './discover.ts';
import type { Path } from './locate.ts';
import { originOf } from './run.ts';

/** What a folder's index exports, and the bundle it came out of. */
export interface Exported {
  readonly handlers: unknown;
  readonly bundle: Bundle;
}

/**
 * File and line of the handler at `path` (`['streams', 'customers']`), in whichever file its author wrote it: a function
 * tells its own source, which stands in the bundle once. Undefined where there is no function there.
 */
export function placeOfHandler(folder: PluginFolder, { handlers, bundle }: Exported, path: Path) {
  const found = functionAt(handlers, path);
  const start = found ? bundle.code.indexOf(Function.prototype.toString.call(found)) : -1;
  if (start < 0) return undefined;
  const before = bundle.code.slice(0, start).split('\n');
  const origin = originOf(bundle.code, before.length, (before.at(-1) ?? '').length + 1);
  return origin && { file: shownPath(folder, resolve(dirname(bundle.filename), origin.file)), line: origin.line };
}

/** The same for what belongs to a handler, such as a field of an action's form. */
export function placeOfOwner(folder: PluginFolder, exported: Exported, path: Path) {
  for (let length = path.length - 1; length > 0; length -= 1) {
    const found = placeOfHandler(folder, exported, path.slice(0, length));
    if (found) return found;
  }
  return undefined;
}

/** A stream is where its `sync` is, an action where its `run` is. */
function functionAt(handlers: unknown, path: Path): unknown {
  const value = path.reduce<unknown>((one, step) => (one as Record<string, unknown> | undefined)?.[step], handlers);
  const { sync, run } = (value ?? {}) as { sync?: unknown; run?: unknown };
  return [value, sync, run].find((one) => typeof one === 'function');
}

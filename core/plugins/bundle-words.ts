import { relative, resolve } from 'node:path';
import type { Message } from 'esbuild';
import type { PluginFolder } from './discover.ts';

/** What kept a folder from being bundled: its first mistake, and how many there are besides. */
export function whyNotBundled(folder: PluginFolder, error: unknown): string {
  const messages = (error as { errors?: readonly Message[] }).errors;
  const [first, ...others] = messages ?? [];
  if (!first) return `${folder.label}: cannot be bundled: ${error instanceof Error ? error.message : String(error)}`;
  return `${written(folder, first)}${others.length > 0 ? ` (and ${others.length} more)` : ''}`;
}

/** A message of the bundler's as `plugins/acme/sync.ts:12: …`. */
export function written(folder: PluginFolder, { text, location }: Pick<Message, 'text' | 'location'>): string {
  const place = location ? `${shownPath(folder, resolve(folder.dir, location.file))}:${location.line}` : folder.label;
  return `${place}: ${inAuthorsWords(text)}`;
}

function inAuthorsWords(text: string): string {
  if (text.startsWith('Top-level await')) return '`await` is not possible at the top of a module; move it into a handler';
  const [, module = '', name] = /^No matching export in "(?:host:)?(.*)" for import "(.*)"$/.exec(text) ?? [];
  if (name === undefined) return text;
  const advice = module.startsWith('patchbay') ? 'docs/contract.md lists what it does' : 'export it there, or mend its name';
  return `"${module}" exports no "${name}"; ${advice}`;
}

/** `plugins/acme/manifest.ts` for a file of the folder. */
export function shownPath(folder: PluginFolder, file: string): string {
  return `${folder.label}/${relative(folder.dir, file).replaceAll('\\', '/')}`;
}

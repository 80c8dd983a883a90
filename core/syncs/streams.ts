import type { Integration } from '../integrations/integration-store.ts';
import { isReadable, wayWords } from '../integrations/readable.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { NotFound, Rejected, type Stream } from '../sdk/index.ts';

/** A stream that can be synced, as against one whose records come from webhooks only. */
export type Syncable = Stream & Required<Pick<Stream, 'sync'>>;

export function syncable(plugin: RunnablePlugin): [name: string, stream: Syncable][] {
  return Object.entries(plugin.plugin.handlers.streams ?? {}).filter((entry): entry is [string, Syncable] =>
    isSyncable(entry[1]),
  );
}

/** Those that this way of connecting can read. */
export function readable(plugin: RunnablePlugin, method: Integration['method']): [name: string, stream: Syncable][] {
  return syncable(plugin).filter(([, stream]) => isReadable(stream, method));
}

/** Does a run mark as deleted what it should have met and did not? */
export function tracksDeletions({ covers }: Stream, { mode }: { readonly mode: 'incremental' | 'full' }): boolean {
  return mode === 'full' || covers !== undefined;
}

/** The streams its owner chose in the settings, where the plugin lets them choose; otherwise all. */
export function chosen(plugin: RunnablePlugin, { config, method }: Pick<Integration, 'config' | 'method'>): string[] {
  const names = readable(plugin, method).map(([name]) => name);
  const field = plugin.plugin.manifest.config.properties['streams'];
  if (field?.type !== 'array') return names;
  const wanted = config['streams'] ?? field.default;
  return Array.isArray(wanted) ? names.filter((name) => wanted.includes(name)) : names;
}

/** @throws NotFound with the names there are */
export function oneStream(plugin: RunnablePlugin, name: string): Syncable {
  const streams = plugin.plugin.handlers.streams ?? {};
  const stream = Object.hasOwn(streams, name) ? streams[name] : undefined;
  if (stream && isSyncable(stream)) return stream;
  const names = syncable(plugin).map(([known]) => known);
  const { name: provider } = plugin.plugin.manifest;
  throw new NotFound(`${provider} has no stream "${name.slice(0, 60)}" to sync; there are ${names.join(', ') || 'none'}.`, {
    fields: [{ pointer: '/stream', message: `Use one of ${names.join(', ')}.` }],
  });
}

/** @throws NotFound; Rejected where this way of connecting cannot read it */
export function readableStream(plugin: RunnablePlugin, name: string, method: Integration['method']): Syncable {
  const stream = oneStream(plugin, name);
  if (isReadable(stream, method)) return stream;
  const what = `${stream.title} of ${plugin.plugin.manifest.name}`;
  throw new Rejected(`${what} cannot be read by a connection made with ${wayWords(method)}.`, {
    fields: [{ pointer: '/stream', message: 'Leave it out, or connect the other way.' }],
  });
}

function isSyncable(stream: Stream): stream is Syncable {
  return typeof stream.sync === 'function';
}

import type { Action, Stream } from '../sdk/index.ts';
import type { Method } from './integration-entity.ts';

/** Is there anything a connection made this way can sync? */
export function readsAny(streams: Readonly<Record<string, Stream>> | undefined, method: Method): boolean {
  return Object.values(streams ?? {}).some((stream) => stream.sync !== undefined && isReadable(stream, method));
}

/** For people: "made with keys". */
export function wayWords(method: Method): string {
  return method === 'manual' ? 'keys' : 'a consent page';
}

/** Can a connection made this way read these records, or do this? */
export function isReadable({ methods }: Pick<Stream | Action, 'methods'>, method: Method): boolean {
  return methods?.includes(method) ?? true;
}

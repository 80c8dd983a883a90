import type { Stream } from '../sdk/index.ts';
import type { Method } from './integration-entity.ts';

/** Can a connection made this way read these records? */
export function isReadable({ methods }: Pick<Stream, 'methods'>, method: Method): boolean {
  return methods?.includes(method) ?? true;
}

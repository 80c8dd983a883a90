import type { Todo } from 'patchbay';
import { chosenProperty } from './api.ts';
import type { Config, Context } from './manifest.ts';

/** Keys are for one data stream, and read nothing. */
export function todo(about: Pick<Context, 'account' | 'config' | 'method'>): readonly Todo<Config>[] {
  if (about.method === 'manual' || chosenProperty(about)) return [];
  const text = 'Choose the property whose reports are to be read: until then there are none.';
  return [{ field: 'propertyId', step: 'Choose a property', text }];
}

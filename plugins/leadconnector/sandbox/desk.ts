import { Rejected } from 'patchbay';
import { choiceField, type TokenStore, type Trouble } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import { PLACES } from './demo.ts';
import type { Hooks } from './hooks.ts';
import type { Kind, World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: TokenStore;
  readonly hooks: Hooks;
  readonly trouble: Trouble;
  now(): string;
  reset(): void;
}

/** The location a button means when none is chosen. */
export const home = PLACES[0]?.id ?? '';

export const locationField = choiceField('Location', PLACES);
export const atLocation = { type: 'object', properties: { location: locationField } } as const;

export const idField = (title: string) =>
  ({ type: 'string', title, description: 'Empty: the newest one.', maxLength: 64 }) as const;

/** Named, or the one added last. */
export function pick(desk: Desk, kind: Kind, given: { id: string | undefined; location: string }): Doc {
  const found = given.id ? desk.world.get(kind, given.id) : desk.world.at(kind, given.location).at(-1);
  if (found) return found;
  throw new Rejected(given.id ? `There is nothing with the id ${given.id}.` : 'There is nothing to choose from.');
}

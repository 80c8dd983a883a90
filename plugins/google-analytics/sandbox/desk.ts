import { Rejected } from 'patchbay';
import { choiceField, type TokenStore, type Trouble } from 'patchbay/simulator';
import { BLUE_FITNESS, BLUE_TOKYO, type DemoProperty, propertyOf, RIVERSIDE } from './demo.ts';
import type { Quotas } from './quota.ts';
import type { World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: TokenStore;
  readonly quotas: Quotas;
  readonly trouble: Trouble;
  now(): number;
  reset(): void;
}

const SHOWN = [BLUE_FITNESS, BLUE_TOKYO, RIVERSIDE];

export const propertyField = choiceField(
  'Property',
  SHOWN.map(({ id, displayName }) => ({ id, name: displayName })),
);

/** The property a button means; the first one when none is chosen. */
export function chosen(id: string | undefined): DemoProperty {
  const found = propertyOf(id ?? BLUE_FITNESS.id);
  if (found) return found;
  throw new Rejected(`There is no property ${id}.`);
}

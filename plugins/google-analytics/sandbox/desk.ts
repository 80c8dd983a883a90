import { type Form, Rejected, type SandboxCommand, type Values } from 'patchbay';
import { BLUE_FITNESS, BLUE_TOKYO, type DemoProperty, propertyOf, RIVERSIDE } from './demo.ts';
import type { Quotas } from './quota.ts';
import type { Tokens } from './tokens.ts';
import type { Trouble } from './trouble.ts';
import type { World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: Tokens;
  readonly quotas: Quotas;
  readonly trouble: Trouble;
  now(): number;
  reset(): void;
}

const SHOWN = [BLUE_FITNESS, BLUE_TOKYO, RIVERSIDE];

export const nothing = { type: 'object', properties: {} } as const;

export const propertyField = {
  type: 'string',
  title: 'Property',
  enum: SHOWN.map(({ id }) => id),
  'x-labels': Object.fromEntries(SHOWN.map(({ id, displayName }) => [id, displayName])),
  default: BLUE_FITNESS.id,
} as const;

/** Types a button by its form. */
export function button<const F extends Form>(given: {
  title: string;
  description?: string;
  input: F;
  run(input: Values<F>): Promise<{ message: string; [key: string]: unknown }>;
}): SandboxCommand {
  return given as unknown as SandboxCommand;
}

/** The property a button means; the first one when none is chosen. */
export function chosen(id: string | undefined): DemoProperty {
  const found = propertyOf(id ?? BLUE_FITNESS.id);
  if (found) return found;
  throw new Rejected(`There is no property ${id}.`);
}

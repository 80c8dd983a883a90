import { type Form, Rejected, type SandboxCommand, type Values } from 'patchbay';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import { PLACES } from './demo.ts';
import type { Hooks } from './hooks.ts';
import type { Tokens } from './tokens.ts';
import type { Trouble } from './trouble.ts';
import type { Kind, World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly trouble: Trouble;
  now(): string;
  reset(): void;
}

/** The location a button means when none is chosen. */
export const home = PLACES[0]?.id ?? '';

export const locationField = {
  type: 'string',
  title: 'Location',
  enum: PLACES.map(({ id }) => id),
  'x-labels': Object.fromEntries(PLACES.map(({ id, name }) => [id, name])),
  default: PLACES[0]?.id ?? '',
} as const;

/** Types a button by its form; what the simulated provider would refuse, the button refuses in the same words. */
export function button<const F extends Form>(given: {
  title: string;
  description?: string;
  input: F;
  run(input: Values<F>): Promise<{ message: string; [key: string]: unknown }>;
}): SandboxCommand {
  return {
    ...given,
    async run(input) {
      try {
        return await given.run(input as Values<F>);
      } catch (error) {
        if (error instanceof Refusal) throw new Rejected(error.message);
        throw error;
      }
    },
  };
}

export const idField = (title: string) =>
  ({ type: 'string', title, description: 'Empty: the newest one.', maxLength: 64 }) as const;

/** Named, or the one added last. */
export function pick(desk: Desk, kind: Kind, given: { id: string | undefined; location: string }): Doc {
  const found = given.id ? desk.world.get(kind, given.id) : desk.world.all(kind, given.location).at(-1);
  if (found) return found;
  throw new Rejected(given.id ? `There is nothing with the id ${given.id}.` : 'There is nothing to choose from.');
}

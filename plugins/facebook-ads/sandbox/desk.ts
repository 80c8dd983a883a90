import { type Form, Rejected, type SandboxCommand, type SandboxEnv, type Values } from 'patchbay';
import { Refusal } from './answers.ts';
import type { Doc, Kind } from './base.ts';
import { ACCOUNTS, PAGES } from './demo.ts';
import type { Hooks } from './hooks.ts';
import type { Reports } from './reports.ts';
import type { Tokens } from './tokens.ts';
import type { Trouble } from './trouble.ts';
import type { Usage } from './usage.ts';
import type { World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly env: Pick<SandboxEnv, 'ask'>;
  readonly world: World;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly reports: Reports;
  readonly trouble: Trouble;
  usage: Usage;
  requireProof: boolean;
  /** Milliseconds. */
  now(): number;
  reset(): void;
}

const labels = (list: readonly { id: string; name: string }[]) => Object.fromEntries(list.map(({ id, name }) => [id, name]));

export const homeAccount = ACCOUNTS[0]?.id ?? '';
export const accountField = {
  type: 'string',
  title: 'Ad account',
  enum: ACCOUNTS.map(({ id }) => id),
  'x-labels': labels(ACCOUNTS),
  default: homeAccount,
} as const;

export const homePage = PAGES[0]?.id ?? '';
export const pageField = {
  type: 'string',
  title: 'Page',
  enum: PAGES.map(({ id }) => id),
  'x-labels': labels(PAGES),
  default: homePage,
} as const;

export const nothing = { type: 'object', properties: {} } as const;

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

/** Named by its id, or the last one of its kind. */
export function pick(desk: Desk, kind: Kind, given: { id: string | undefined; where: (doc: Doc) => boolean }): Doc {
  const found = given.id ? desk.world.get(kind, given.id) : desk.world.all(kind, given.where).at(-1);
  if (found) return found;
  throw new Rejected(given.id ? `There is nothing with the id ${given.id}.` : 'There is nothing to choose from.');
}

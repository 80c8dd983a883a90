import { Rejected, type SandboxEnv } from 'patchbay';
import { choiceField, type Trouble } from 'patchbay/simulator';
import type { Doc, Kind } from './base.ts';
import { ACCOUNTS, PAGES } from './demo.ts';
import type { Hooks } from './hooks.ts';
import type { Reports } from './reports.ts';
import type { Tokens } from './tokens.ts';
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

export const homeAccount = ACCOUNTS[0]?.id ?? '';
export const accountField = choiceField('Ad account', ACCOUNTS);

export const homePage = PAGES[0]?.id ?? '';
export const pageField = choiceField('Page', PAGES);

/** Named by its id, or the last one of its kind. */
export function pick(desk: Desk, kind: Kind, given: { id: string | undefined; where: (doc: Doc) => boolean }): Doc {
  const found = given.id ? desk.world.get(kind, given.id) : desk.world.all(kind, given.where).at(-1);
  if (found) return found;
  throw new Rejected(given.id ? `There is nothing with the id ${given.id}.` : 'There is nothing to choose from.');
}

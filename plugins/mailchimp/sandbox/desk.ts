import { Rejected } from 'patchbay';
import { choiceField, type TokenStore, type Trouble } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import { ACCOUNTS, AUDIENCES, BLUE_FITNESS, type DemoAudience } from './demo.ts';
import type { Keys } from './gate.ts';
import type { Hooks } from './hooks.ts';
import { Members } from './members.ts';
import type { World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: TokenStore;
  readonly keys: Keys;
  readonly hooks: Hooks;
  readonly trouble: Trouble;
  /** As the provider writes it. */
  now(): string;
  save(): void;
  reset(): void;
}

export const HOME = BLUE_FITNESS.audiences[0].id;

export const audienceField = choiceField('Audience', AUDIENCES);
export const accountField = choiceField('Account', ACCOUNTS);

export const emailField = {
  type: 'string',
  title: 'Email address',
  description: 'Empty: the contact changed last.',
  maxLength: 254,
} as const;

export const oneMember = { type: 'object', properties: { email: emailField, audience: audienceField } } as const;

export function audienceOf(desk: Desk, id: string | undefined): DemoAudience {
  return desk.world.audience(id ?? HOME) ?? BLUE_FITNESS.audiences[0];
}

/** Named, or the one changed last. */
export function pick(desk: Desk, given: { email?: string; audience?: string }): Doc {
  const { id } = audienceOf(desk, given.audience);
  const latest = (docs: Doc[]) => docs.toSorted((a, b) => (String(a['last_changed']) < String(b['last_changed']) ? 1 : -1))[0];
  const found = given.email ? new Members(desk.world).find(id, given.email) : latest(desk.world.at('members', id));
  if (found) return found;
  throw new Rejected(given.email ? `The audience has nobody with the address ${given.email}.` : 'The audience is empty.');
}

import { type Form, Rejected, type SandboxCommand, type Values } from 'patchbay';
import type { Doc } from './base.ts';
import { ACCOUNTS, AUDIENCES, BLUE_FITNESS, type DemoAudience } from './demo.ts';
import type { Hooks } from './hooks.ts';
import { Members } from './members.ts';
import { Refusal } from './problems.ts';
import type { Tokens } from './tokens.ts';
import type { Trouble } from './trouble.ts';
import type { World } from './world.ts';

/** What the buttons may touch. */
export interface Desk {
  readonly world: World;
  readonly tokens: Tokens;
  readonly hooks: Hooks;
  readonly trouble: Trouble;
  /** As the provider writes it. */
  now(): string;
  save(): void;
  reset(): void;
}

export const HOME = BLUE_FITNESS.audiences[0].id;

export const audienceField = {
  type: 'string',
  title: 'Audience',
  enum: AUDIENCES.map(({ id }) => id),
  'x-labels': Object.fromEntries(AUDIENCES.map(({ id, name }) => [id, name])),
  default: HOME,
} as const;

export const accountField = {
  type: 'string',
  title: 'Account',
  enum: ACCOUNTS.map(({ id }) => id),
  'x-labels': Object.fromEntries(ACCOUNTS.map(({ id, name }) => [id, name])),
  default: BLUE_FITNESS.id,
} as const;

export const emailField = {
  type: 'string',
  title: 'Email address',
  description: 'Empty: the contact changed last.',
  maxLength: 254,
} as const;

export const nothing = { type: 'object', properties: {} } as const;
export const oneMember = { type: 'object', properties: { email: emailField, audience: audienceField } } as const;

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

export function audienceOf(desk: Desk, id: string | undefined): DemoAudience {
  return desk.world.audience(id ?? HOME) ?? BLUE_FITNESS.audiences[0];
}

/** Named, or the one changed last. */
export function pick(desk: Desk, given: { email?: string; audience?: string }): Doc {
  const { id } = audienceOf(desk, given.audience);
  const latest = (docs: Doc[]) => docs.toSorted((a, b) => (String(a['last_changed']) < String(b['last_changed']) ? 1 : -1))[0];
  const found = given.email ? new Members(desk.world).find(id, given.email) : latest(desk.world.all('members', id));
  if (found) return found;
  throw new Rejected(given.email ? `The audience has nobody with the address ${given.email}.` : 'The audience is empty.');
}

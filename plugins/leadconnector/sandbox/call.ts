import type { Raw, SandboxRequest, SandboxResponse } from 'patchbay';
import type { Operation } from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import type { Doc } from './base.ts';
import type { Hooks } from './hooks.ts';
import type { Kind, World } from './world.ts';

/** What a route works with, once version, token and rate have been checked. */
export interface Call {
  readonly req: SandboxRequest;
  /** The location the token belongs to. */
  readonly location: string;
  readonly params: readonly string[];
  readonly body: Raw;
  readonly world: World;
  readonly hooks: Hooks;
  /** ISO 8601. */
  readonly now: string;
}

export interface Route extends Operation {
  readonly scope: string;
  run(call: Call): SandboxResponse;
}

/** The location a call names must be the token's own. */
export function sameLocation(call: Call, named: unknown): void {
  if (typeof named !== 'string' || named === '')
    throw new Refusal(422, ['locationId must be a string', 'locationId should not be empty']);
  if (named !== call.location) throw new Refusal(403, 'The token does not have access to this location.');
}

/** An object of the token's location; unknown ones are answered with 400, as the provider does. */
export function find(call: Call, kind: Kind, given: { id: string | undefined; name: string }): Doc {
  const doc = call.world.get(kind, given.id ?? '');
  if (!doc) throw new Refusal(400, `${given.name} with id ${given.id ?? ''} not found`);
  sameLocation(call, doc.locationId);
  return doc;
}

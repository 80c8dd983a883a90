import type { Ctx } from './context.ts';
import type { Effect } from './effect.ts';
import type { Form, Values } from './form.ts';
import type { Auth } from './manifest.ts';

/** What an action gives back to its caller, and what it changes in the hub. */
export interface ActionResult {
  readonly data: Readonly<Record<string, unknown>>;
  readonly effects?: readonly Effect[];
}

/** A write to (or a live question of) the provider, with a form of its own. */
export interface Action<C = unknown> {
  readonly title: string;
  readonly description?: string;
  /** The ways of connecting that can do it; default all. A connection made another way neither lists nor does it. */
  readonly methods?: readonly Auth['method'][];
  readonly input: Form;
  run(ctx: Ctx<C>, input: Readonly<Record<string, unknown>>, call: ActionCall): Promise<ActionResult>;
}

/** One wish to act, however often it is tried. */
export interface ActionCall {
  /** The caller's `Idempotency-Key`, made unique to the integration, or a fresh one: pass it on where the provider takes one. */
  readonly id: string;
}

/** Types `input` by the action's form. */
export function action<C, const F extends Form>(definition: {
  readonly title: string;
  readonly description?: string;
  readonly methods?: readonly Auth['method'][];
  readonly input: F;
  run(ctx: Ctx<C>, input: Values<F>, call: ActionCall): Promise<ActionResult>;
}): Action<C> {
  return definition as unknown as Action<C>;
}

import type { Ctx } from './context.ts';
import type { Effect } from './effect.ts';
import type { Form, Values } from './form.ts';
import type { Auth } from './manifest.ts';

/** What an action gives back to its caller, and what it changes in the hub. */
export interface ActionResult {
  readonly data: Readonly<Record<string, unknown>>;
  readonly effects?: readonly Effect[];
}

/** Why the settings forbid an action. */
export interface Barred<C = unknown> {
  /** One sentence: `Refunds are switched off in the settings of this connection.` */
  readonly text: string;
  /** The setting that allows it. */
  readonly field: keyof C & string;
}

/** A write to (or a live question of) the provider, with a form of its own. */
export interface Action<C = unknown> {
  readonly title: string;
  readonly description?: string;
  /** The ways of connecting that can do it; default all. A connection made another way neither lists nor does it. */
  readonly methods?: readonly Auth['method'][];
  readonly input: Form;
  /**
   * Why the settings forbid it; undefined where they allow it. Pure and at once, as it is asked for each time the action is
   * shown, and again before `run`, which is not called then: pages say `text` with a link to the setting instead of offering
   * the action, the API lists it as `barred`, and whoever calls it is refused with `text` (`FORBIDDEN`). `config` is without
   * secrets.
   */
  barred?(about: Pick<Ctx<C>, 'account' | 'config' | 'method'>): Barred<C> | undefined;
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
  barred?(about: Pick<Ctx<C>, 'account' | 'config' | 'method'>): Barred<C> | undefined;
  run(ctx: Ctx<C>, input: Values<F>, call: ActionCall): Promise<ActionResult>;
}): Action<C> {
  return definition as unknown as Action<C>;
}

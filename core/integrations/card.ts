import type { Template } from '../plugins/registry.ts';
import type { Health } from './health.ts';
import type { Integration } from './integration-store.ts';

/** What a card, or one integration on it, is in. */
export type CardState =
  | 'coming-soon'
  | 'connect'
  | 'connecting'
  | 'connected'
  | 'degraded'
  | 'paused'
  | 'needs-attention'
  | 'disconnected'
  | 'unavailable';

export interface Card {
  readonly state: CardState;
  /** What happened, or what is going on; undefined where the state says it all. */
  readonly detail: string | undefined;
  /** Why it cannot be used; for operators only. */
  readonly operatorReason: string | undefined;
  /** Runs are under way. */
  readonly syncing: boolean;
}

/** What asks for a person comes first. */
const URGENCY: readonly CardState[] = ['needs-attention', 'connecting', 'degraded', 'connected', 'paused', 'disconnected'];

type Shown = Pick<Template, 'state' | 'loaded' | 'active' | 'error'>;
/** An integration and how it is. */
export type Held = Pick<Integration, 'id' | 'status' | 'enabled'> & { readonly health: Pick<Health, 'state' | 'reason'> };

/** Is it meant to work, and may be asked to? However well it does. */
export function isWorking({ status, enabled }: Pick<Held, 'status' | 'enabled'>, usable: boolean): boolean {
  return usable && status === 'active' && enabled;
}

/** The state of one integration, which says the same as its {@link Health}. Pure. */
export function integrationState({ status, enabled, health }: Omit<Held, 'id'>, usable: boolean): CardState {
  if (status === 'disconnected') return 'disconnected';
  if (!usable) return 'unavailable';
  if (status === 'pending') return 'connecting';
  if (status === 'error') return 'needs-attention';
  if (!enabled) return 'paused';
  if (health.state === 'attention') return 'needs-attention';
  return health.state === 'degraded' ? 'degraded' : 'connected';
}

/** Can the plugin be called? A changed one that was refused leaves the one before it running. */
export function isUsable({ state, loaded }: Pick<Shown, 'state' | 'loaded'>): boolean {
  return state === 'ready' || (state === 'failed' && loaded !== undefined);
}

/** What a plugin's card says in a store that has these integrations of it; `syncing` are ids with a run under way. Pure. */
export function cardOf(template: Shown, integrations: readonly Held[], syncing: ReadonlySet<string> = new Set()): Card {
  const usable = isUsable(template);
  const states = integrations.map((integration) => integrationState(integration, usable));
  const state = stateOf(template, states);
  const told = integrations.find((_, at) => states[at] === state)?.health.reason ?? undefined;
  return {
    state,
    detail: detailOf(state, told),
    operatorReason: operatorReason(template, usable),
    syncing: integrations.some((integration) => isWorking(integration, usable) && syncing.has(integration.id)),
  };
}

function stateOf(template: Shown, states: readonly CardState[]): CardState {
  if (template.state === 'coming-soon') return 'coming-soon';
  if (!isUsable(template)) return 'unavailable';
  const held = URGENCY.find((state) => states.includes(state));
  if (held && (held !== 'disconnected' || template.active)) return held;
  return template.active ? 'connect' : 'unavailable';
}

function detailOf(state: CardState, told: string | undefined): string | undefined {
  if (state === 'unavailable') return 'Out of service at the moment; settings and records are kept.';
  return ['needs-attention', 'degraded', 'disconnected'].includes(state) ? told : undefined;
}

function operatorReason({ state, error, active }: Shown, usable: boolean): string | undefined {
  if (error && usable) return `The changed plugin was refused; the one before it still runs. ${error}`;
  if (error) return error;
  if (state === 'missing')
    return 'The folder of this plugin is gone, or holds no index.ts or index.js any more; put it back or remove the card.';
  return active ? undefined : 'Switched off: stores cannot connect it.';
}

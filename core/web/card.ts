import type { Integration } from '../integrations/integration-store.ts';
import type { Template } from '../plugins/registry.ts';
import { connectionState, isUsable, type State } from './view-models/card-view.ts';

/** The states of design section 5.1, as programs read them. */
export type CardState =
  | 'coming-soon'
  | 'connect'
  | 'connecting'
  | 'connected'
  | 'paused'
  | 'needs-attention'
  | 'disconnected'
  | 'unavailable';

const WORDS: Readonly<Record<State, CardState>> = {
  soon: 'coming-soon',
  connect: 'connect',
  connecting: 'connecting',
  connected: 'connected',
  paused: 'paused',
  attention: 'needs-attention',
  disconnected: 'disconnected',
  unavailable: 'unavailable',
};

/** What asks for a person comes first: a card shows the state of the integration that needs one most. */
const URGENCY: readonly CardState[] = ['needs-attention', 'connecting', 'connected', 'paused', 'disconnected'];

export function integrationState(
  integration: Pick<Integration, 'status' | 'enabled'>,
  template: Pick<Template, 'state' | 'loaded'> | undefined,
): CardState {
  return WORDS[connectionState(integration, template !== undefined && isUsable(template))];
}

export function cardState(
  template: Pick<Template, 'state' | 'loaded'>,
  integrations: readonly Pick<Integration, 'status' | 'enabled'>[],
): CardState {
  if (template.state === 'coming-soon') return 'coming-soon';
  if (!isUsable(template)) return 'unavailable';
  const states = integrations.map((integration) => integrationState(integration, template));
  return URGENCY.find((state) => states.includes(state)) ?? 'connect';
}

/** Cards that cannot be used are shown to operators, and to stores that hold something of them. */
export function isShown(template: Pick<Template, 'state' | 'loaded' | 'active'>, held: number, operator: boolean): boolean {
  return operator || held > 0 || (template.active && (isUsable(template) || template.state === 'coming-soon'));
}

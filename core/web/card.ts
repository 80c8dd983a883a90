import { type CardState, cardOf, isUsable, integrationState as stateOf } from '../integrations/card.ts';
import type { Integration } from '../integrations/integration-store.ts';
import type { Template } from '../plugins/registry.ts';

type Held = Pick<Integration, 'id' | 'status' | 'enabled' | 'message'>;

export function integrationState(
  integration: Pick<Integration, 'status' | 'enabled'>,
  template: Pick<Template, 'state' | 'loaded'> | undefined,
): CardState {
  return stateOf(integration, template !== undefined && isUsable(template));
}

export function cardState(
  template: Pick<Template, 'state' | 'loaded' | 'active' | 'error'>,
  integrations: readonly Held[],
): CardState {
  return cardOf(template, integrations).state;
}

/** Cards that cannot be used are shown to operators, and to stores that hold something of them. */
export function isShown(template: Pick<Template, 'state' | 'loaded' | 'active'>, held: number, operator: boolean): boolean {
  return operator || held > 0 || (template.active && (isUsable(template) || template.state === 'coming-soon'));
}

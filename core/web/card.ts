import { type CardState, type Held, isUsable, integrationState as stateOf } from '../integrations/card.ts';
import type { Template } from '../plugins/registry.ts';

export function integrationState(
  integration: Omit<Held, 'id'>,
  template: Pick<Template, 'state' | 'loaded'> | undefined,
): CardState {
  return stateOf(integration, template !== undefined && isUsable(template));
}

/** Cards that cannot be used are shown to operators, and to stores that hold something of them. */
export function isShown(template: Pick<Template, 'state' | 'loaded' | 'active'>, held: number, operator: boolean): boolean {
  return operator || held > 0 || (template.active && (isUsable(template) || template.state === 'coming-soon'));
}

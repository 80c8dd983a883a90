import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import { countOf, streamTitle } from './card-view.ts';

/** `Connected to Blue Fitness, 3,412 contacts.` where the plugin gave no sentence of its own. */
export function connectedSentence(integration: Integration, template: Pick<Template, 'loaded'>): string {
  const [first] = Object.entries(integration.counts);
  const who = integration.account?.label ?? integration.name;
  return first ? `Connected to ${who}, ${countOf(streamTitle(template, first[0]), first[1])}.` : `Connected to ${who}.`;
}

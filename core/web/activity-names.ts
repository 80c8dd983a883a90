import { whyInactive } from '../integrations/integration.ts';
import type { Integration } from '../integrations/integration-store.ts';
import type { Happening } from './activity.ts';
import type { Web } from './services.ts';
import type { Named } from './view-models/activity-words.ts';
import { inReadersLanguage } from './words/plugin-texts.ts';

/** How an integration and its plugin are called, in the reader's language. */
export function namer(web: Web, integrations: readonly Integration[]): (one: Happening) => Named {
  const known = new Map(integrations.map((one) => [one.id, one]));
  return (one) => {
    const { integrationId } = one;
    const pluginId = one.pluginId ?? (one.from === 'audit' ? one.entry.detail['plugin'] : undefined);
    const template = typeof pluginId === 'string' ? web.registry.template(pluginId) : undefined;
    const own = known.get(integrationId ?? '');
    const rests = own !== undefined && whyInactive(own) !== undefined;
    return { name: own?.name, template: template && inReadersLanguage(template), rests };
  };
}

import type { Integration } from '../integrations/integration-store.ts';
import type { Happening } from './activity.ts';
import type { Web } from './services.ts';
import type { Named } from './view-models/activity-words.ts';
import { inReadersLanguage } from './words/plugin-texts.ts';

/** How an integration and its plugin are called, in the reader's language. */
export function namer(web: Web, integrations: readonly Pick<Integration, 'id' | 'name'>[]): (one: Happening) => Named {
  const names = new Map(integrations.map(({ id, name }) => [id, name]));
  return ({ integrationId, pluginId }) => {
    const template = pluginId === null ? undefined : web.registry.template(pluginId);
    return { name: names.get(integrationId ?? ''), template: template && inReadersLanguage(template) };
  };
}

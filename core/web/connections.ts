import type { Integration } from '../integrations/integration-store.ts';
import type { Template } from '../plugins/registry.ts';
import type { Web } from './services.ts';
import { type ConnectionView, connectionView } from './view-models/card-view.ts';
import { progressView } from './view-models/progress-view.ts';
import { isActive } from './view-models/run-view.ts';

/** The integrations of one store, as cards list them. */
export async function connectionsOf(
  web: Web,
  templates: readonly Template[],
  integrations: readonly Integration[],
): Promise<ConnectionView[][]> {
  const views = await Promise.all(
    integrations.map(async (integration) => {
      const template = templates.find(({ id }) => id === integration.pluginId);
      const several = integrations.filter(({ pluginId }) => pluginId === integration.pluginId).length > 1;
      return template && { template, view: await connectionOf(web, { template, integration, several }) };
    }),
  );
  return templates.map((template) => views.flatMap((one) => (one?.template === template ? [one.view] : [])));
}

async function connectionOf(web: Web, { template, integration, several }: Place): Promise<ConnectionView> {
  const { storeId, id } = integration;
  const [counts, health, runs] = await Promise.all([
    web.records.counts(storeId, id),
    web.integrations.health(storeId, id),
    integration.status === 'active' ? web.syncs.runs(storeId, id, { limit: 10, offset: 0 }) : [],
  ]);
  const active = runs.filter(isActive);
  const [first] = active;
  const progress = active.length === 1 && first ? progressView(first).text : undefined;
  return connectionView({ template, integration, several, counts, health, syncing: active.length > 0, progress });
}

interface Place {
  readonly template: Template;
  readonly integration: Integration;
  /** There are others of its plugin. */
  readonly several: boolean;
}

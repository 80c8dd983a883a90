import type { Integration } from '../integrations/integration-store.ts';
import type { Template } from '../plugins/registry.ts';
import type { Web } from './services.ts';
import { type ConnectionView, connectionView } from './view-models/card-view.ts';
import { progressView } from './view-models/progress-view.ts';

/** The integrations of one store, as cards list them; four statements, however many they are. */
export async function connectionsOf(
  web: Web,
  templates: readonly Template[],
  integrations: readonly Integration[],
): Promise<ConnectionView[][]> {
  const storeId = integrations[0]?.storeId;
  if (storeId === undefined) return templates.map(() => []);
  const ids = integrations.map(({ id }) => id);
  const [healths, runs, counts] = await Promise.all([
    web.integrations.healths(integrations),
    web.history.active([storeId]),
    web.records.countsOf(storeId, ids),
  ]);
  const held = Map.groupBy(integrations, ({ pluginId }) => pluginId);
  const active = Map.groupBy(runs, ({ integrationId }) => integrationId);
  const viewOf = (template: Template, integration: Integration, several: boolean) => {
    const { id, status } = integration;
    const health = healths.get(id);
    const own = status === 'active' ? (active.get(id) ?? []) : [];
    const [first] = own;
    const progress = own.length === 1 && first ? progressView(first).text : undefined;
    const shown = { template, integration, several, counts: counts.get(id) ?? {}, syncing: own.length > 0, progress };
    return health ? [connectionView({ ...shown, health })] : [];
  };
  return templates.map((template) => {
    const own = held.get(template.id) ?? [];
    return own.flatMap((integration) => viewOf(template, integration, own.length > 1));
  });
}

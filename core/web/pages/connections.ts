import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { RunProgress } from '../../syncs/run-history-store.ts';
import type { Web } from '../services.ts';
import { type ConnectionView, connectionView, type Step } from '../view-models/connection-view.ts';
import { progressView } from '../view-models/progress-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';

/** A sync that waits or is at work. */
interface ConnectionRun {
  readonly id: string;
  readonly href: string;
  readonly stream: string;
  /** Share done, 0 to 100; undefined where nobody knows how much there is. */
  readonly percent: number | undefined;
  readonly cancelling: boolean;
}

/** A connection as a card lists it, with what is under way. */
export interface CardConnection extends ConnectionView {
  readonly runs: readonly ConnectionRun[];
  /** Where its set-up goes on, for who may and did not come to its end. */
  readonly goOn: Step | undefined;
}

/** The integrations of one store, as cards list them; four statements, however many they are. */
export async function connectionsOf(
  web: Web,
  templates: readonly Template[],
  integrations: readonly Integration[],
): Promise<CardConnection[][]> {
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
    const under = own.map((run) => runOf(run, template));
    return health ? [{ ...connectionView({ ...shown, health }), runs: under, goOn: undefined }] : [];
  };
  return templates.map((template) => {
    const own = held.get(template.id) ?? [];
    return own.flatMap((integration) => viewOf(template, integration, own.length > 1));
  });
}

function runOf(run: RunProgress, template: Template): ConnectionRun {
  const { id, integrationId, stream, cancelling } = run;
  const href = `/integrations/${template.id}/${integrationId}/runs/${id}`;
  return { id, href, stream: streamTitle(template, stream), percent: progressView(run).percent, cancelling };
}

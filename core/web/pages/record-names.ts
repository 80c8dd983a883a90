import type { Integration } from '../../integrations/integration-store.ts';
import { type ModelReading, modelReader } from '../../integrations/model-reading.ts';
import type { Web } from '../services.ts';
import { recordView } from '../view-models/records-view.ts';

/** Whom a record is about, by the provider's id. */
export function contactIn({ model }: ModelReading): string | undefined {
  const id = model?.['contactId'];
  return typeof id === 'string' ? id : undefined;
}

/** What those are called that were synced as well. */
export async function contactNames(
  web: Pick<Web, 'registry' | 'records'>,
  integration: Integration,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const plugin = web.registry.get(integration.pluginId);
  const streams = Object.entries(plugin?.plugin.handlers.streams ?? {});
  const [stream] = streams.find(([, { model }]) => model?.kind === 'contact') ?? [];
  if (stream === undefined) return new Map();
  const read = modelReader({ plugin, stream, integration });
  const scope = { storeId: integration.storeId, integrationId: integration.id, stream };
  const found = await Promise.all([...new Set(ids)].map((id) => web.records.get(scope, id)));
  return new Map(found.flatMap((record) => (record ? [[record.id, recordView(record, read(record.data)).label] as const] : [])));
}

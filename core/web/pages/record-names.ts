import type { Integration } from '../../integrations/integration-store.ts';
import { type ModelReading, modelReader } from '../../integrations/model-reading.ts';
import type { Web } from '../services.ts';
import type { Abouts } from '../view-models/event-view.ts';
import { recordView } from '../view-models/records-view.ts';

type Known = Pick<Web, 'registry' | 'records'>;

/** Whom a record is about, by the provider's id. */
export function contactIn({ model }: ModelReading): string | undefined {
  const id = model?.['contactId'];
  return typeof id === 'string' ? id : undefined;
}

/** What those are called that were synced as well. */
export async function contactNames(
  web: Known,
  integration: Integration,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const [stream] = streamsOf(web, integration).find(([, { model }]) => model?.kind === 'contact') ?? [];
  const found = stream === undefined ? [] : await namesAmong(web, integration, { streams: [stream], ids });
  return new Map(found.map(({ id, label }) => [id, label]));
}

/** What events are about, where that was synced and has a name. @param href of the integration */
export async function aboutNames(
  web: Known,
  integration: Integration,
  { objects, href }: { objects: readonly (string | null)[]; href: string },
): Promise<Abouts> {
  const all = streamsOf(web, integration);
  const parts = [...new Set(objects)].flatMap((object) => {
    const [, kind, id] = /^([^:]+):(.+)$/s.exec(object ?? '') ?? [];
    return object && kind && id ? [{ object, kind, id }] : [];
  });
  const streams = all.map(([stream]) => stream);
  const found = await namesAmong(web, integration, { streams, ids: parts.map(({ id }) => id) });
  return new Map(
    parts.flatMap(({ object, kind, id }) => {
      const same = found.filter((one) => one.id === id && one.label !== id);
      // A provider may number objects of each kind from one: where the kind is one of the streams, others are not looked at, and
      // where it is none, a number may be anybody's.
      const known = all.filter(([stream, { model }]) => [stream, stream.replace(/s$/, ''), model?.kind].includes(kind));
      const own = known.length > 0 ? same.find(({ stream }) => known.some(([name]) => name === stream)) : onlyOf(same, id);
      const query = own && new URLSearchParams({ q: id });
      return own
        ? [[object, { label: own.label, href: `${href}/records/${encodeURIComponent(own.stream)}?${query}` }] as const]
        : [];
    }),
  );
}

function onlyOf<T>(found: readonly T[], id: string): T | undefined {
  return found.length === 1 && !/^\d+$/.test(id) ? found[0] : undefined;
}

async function namesAmong(web: Known, integration: Integration, sought: { streams: readonly string[]; ids: readonly string[] }) {
  const plugin = web.registry.get(integration.pluginId);
  const { storeId, id: integrationId } = integration;
  const found = await web.records.among({ storeId, integrationId }, sought.streams, [...new Set(sought.ids)]);
  const readers = new Map(sought.streams.map((stream) => [stream, modelReader({ plugin, stream, integration })]));
  return found.map((record) => {
    const { id, stream, data } = record;
    return { id, stream, label: recordView(record, readers.get(stream)?.(data)).label };
  });
}

function streamsOf({ registry }: Known, { pluginId }: Integration) {
  return Object.entries(registry.get(pluginId)?.plugin.handlers.streams ?? {});
}

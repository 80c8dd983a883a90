import type { Request, Response } from 'express';
import type { Integration } from '../integrations/integration-store.ts';
import { type ModelReading, modelReader } from '../integrations/model-reading.ts';
import { NotFound } from '../sdk/errors.ts';
import { showPage } from './page.ts';
import { integrationPlace } from './page-context.ts';
import { param, queryText } from './request.ts';
import type { Web } from './services.ts';
import { t } from './texts.ts';
import { recordDeeds } from './view-models/action-page.ts';
import { streamTitle } from './view-models/card-view.ts';
import { recordView } from './view-models/records-view.ts';
import { streamViews } from './view-models/stream-view.ts';

const PAGE = 50;

export async function showRecords(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, template, integration, href } = place;
  const stream = param(req, 'stream');
  const counts = await web.records.counts(store.id, integration.id);
  const streams = streamViews({ template, integration, counts, schedules: [], href, working: false });
  if (!streams.some(({ name }) => name === stream)) throw new NotFound(`${template.name} has nothing called "${stream}".`);
  const after = queryText(req, 'after');
  const query = queryText(req, 'q')?.trim().slice(0, 100) ?? '';
  const scope = { storeId: store.id, integrationId: integration.id, stream };
  const { records, next } = await web.records.latest(scope, { after, limit: PAGE, text: query || undefined });
  const read = modelReader({ plugin: web.registry.get(integration.pluginId), stream, integration });
  const readings = records.map((record) => [record, read(record.data)] as const);
  const contacts = await contactNames(
    web,
    integration,
    readings.flatMap(([, reading]) => contactIn(reading) ?? []),
  );
  const deeds = recordDeeds(place, stream);
  const title = streamTitle(template, stream);
  const here = `${href}/records/${encodeURIComponent(stream)}`;
  const model = {
    integration: { name: integration.name, href },
    streams: streams.map((one) => ({ name: one.name, title: one.title, href: one.href, current: one.name === stream })),
    title,
    records: readings.map(([record, reading]) => ({
      ...recordView(record, reading, contacts.get(contactIn(reading) ?? '')),
      deeds: record.deletedAt ? [] : deeds(record),
    })),
    query,
    here,
    nextHref: next && `${here}?${new URLSearchParams({ after: next, ...(query && { q: query }) })}`,
    firstHref: after && (query ? `${here}?${new URLSearchParams({ q: query })}` : here),
  };
  await showPage(web, req, res, {
    name: 'records',
    title: t('records.of', { what: title, name: integration.name }),
    model,
    store,
    sandbox: integration.sandbox,
  });
}

/** Whom a record is about, by the provider's id. */
function contactIn({ model }: ModelReading): string | undefined {
  const id = model?.['contactId'];
  return typeof id === 'string' ? id : undefined;
}

/** What those are called that were synced as well. */
async function contactNames(web: Web, integration: Integration, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const plugin = web.registry.get(integration.pluginId);
  const streams = Object.entries(plugin?.plugin.handlers.streams ?? {});
  const [stream] = streams.find(([, { model }]) => model?.kind === 'contact') ?? [];
  if (stream === undefined) return new Map();
  const read = modelReader({ plugin, stream, integration });
  const scope = { storeId: integration.storeId, integrationId: integration.id, stream };
  const found = await Promise.all([...new Set(ids)].map((id) => web.records.get(scope, id)));
  return new Map(found.flatMap((record) => (record ? [[record.id, recordView(record, read(record.data)).label] as const] : [])));
}

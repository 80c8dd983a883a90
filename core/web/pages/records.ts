import type { Request, Response } from 'express';
import { modelReader } from '../../integrations/model-reading.ts';
import { NotFound } from '../../sdk/errors.ts';
import { param, queryText } from '../http/request.ts';
import type { Web } from '../services.ts';
import { recordDeeds } from '../view-models/action-page.ts';
import { recordView } from '../view-models/records-view.ts';
import { streamViews } from '../view-models/stream-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { showPage } from './page.ts';
import { contactIn, contactNames } from './record-names.ts';

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

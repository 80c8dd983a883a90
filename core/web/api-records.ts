import type { Request, Response } from 'express';
import { modelReader } from '../integrations/model-reading.ts';
import type { RecordView } from '../records/record-store.ts';
import { NotFound } from '../sdk/errors.ts';
import { integrationScope } from './api-scope.ts';
import { param, queryChoice, queryDate, queryNumber, queryText } from './request.ts';
import type { Web } from './services.ts';

const VIEWS = ['raw', 'model', 'both'] as const;

/**
 * `GET …/records/:stream?after=&updatedAfter=&deleted=&limit=&view=`: in the order of change; `next` is the next page's
 * `after`. `view`: `raw` as the provider gave them, `model` in the shared shape of the stream, `both` (default).
 */
export async function listRecords(web: Web, req: Request, res: Response): Promise<void> {
  const { scope, shown } = await streamScope(web, req);
  const [after, updatedAfter] = [queryText(req, 'after'), queryDate(req, 'updatedAfter')];
  const limit = queryNumber(req, 'limit', { default: 100, min: 1, max: 1000 });
  const deleted = queryChoice(req, 'deleted', ['true', 'false']) === 'true';
  const { records, next } = await web.records.list(scope, { limit, after, updatedAfter, deleted });
  res.json({ records: records.map(shown), next: next ?? null });
}

/** `GET …/records/:stream/:record?view=`: one, by the provider's id; also one that is marked deleted. */
export async function getRecord(web: Web, req: Request, res: Response): Promise<void> {
  const { scope, shown } = await streamScope(web, req);
  const id = param(req, 'record');
  const record = await web.records.get(scope, id);
  if (!record) throw new NotFound(`There is no record "${id.slice(0, 60)}" in ${scope.stream}.`);
  res.json(shown(record));
}

async function streamScope(web: Web, req: Request) {
  const { store, integration } = await integrationScope(web, req, 'view');
  const stream = param(req, 'stream');
  const plugin = web.registry.get(integration.pluginId);
  const known = plugin?.plugin.handlers.streams;
  if (known && !Object.hasOwn(known, stream)) {
    throw new NotFound(`There is no stream "${stream}"; there are ${Object.keys(known).join(', ') || 'none'}.`);
  }
  const view = queryChoice(req, 'view', VIEWS) ?? 'both';
  const read = modelReader({ plugin, stream, integration });
  const shown = ({ data, ...record }: RecordView) => ({
    ...record,
    ...(view !== 'model' && { data }),
    ...(view !== 'raw' && read(data)),
  });
  return { scope: { storeId: store.id, integrationId: integration.id, stream }, shown };
}

import type { Request, Response } from 'express';
import { NotFound } from '../sdk/errors.ts';
import type { Run } from '../syncs/syncs.ts';
import { integrationScope, type Scope } from './api-scope.ts';
import { runJson } from './integration-json.ts';
import { param, queryChoice, queryDate, queryNumber, queryText } from './request.ts';
import type { Web } from './services.ts';

const RUN_STATUS = ['queued', 'running', 'succeeded', 'partial', 'failed', 'cancelled'] as const;
const EVENT_STATE = ['pending', 'handled', 'parked', 'dead'] as const;

/** `GET …/runs` and `…/logs`, latest first. */
export async function listRuns(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  const stream = queryText(req, 'stream');
  const status = queryChoice(req, 'status', RUN_STATUS);
  const runs = await web.syncs.runs(store.id, integration.id, {
    ...pageOf(req),
    ...(stream && { stream }),
    ...(status && { status }),
  });
  res.json({ runs: runs.map(runJson) });
}

export async function getRun(web: Web, req: Request, res: Response): Promise<void> {
  res.json(runJson(await ownRun(web, req, await integrationScope(web, req, 'view'))));
}

export async function cancelRun(web: Web, req: Request, res: Response): Promise<void> {
  const scope = await integrationScope(web, req, 'sync');
  const run = await ownRun(web, req, scope);
  await web.syncs.cancel(scope.store.id, run.id);
  res.status(202).json(runJson(await web.syncs.run(scope.store.id, run.id)));
}

/** `GET …/events`, latest first: what the provider told us and what became of it. */
export async function listEvents(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  const state = queryChoice(req, 'state', EVENT_STATE);
  const events = await web.events.list({
    storeId: store.id,
    integrationId: integration.id,
    ...pageOf(req),
    ...(state && { state }),
  });
  res.json({ events: events.map(({ storeId: _, integrationId: __, ...event }) => event) });
}

export async function replayEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration, principal } = await integrationScope(web, req, 'sync');
  const id = param(req, 'event');
  const event = await web.events.get(store.id, id);
  if (event.integrationId !== integration.id) throw new NotFound('This integration has no such event.');
  const { state } = await web.events.replay(store.id, id);
  await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: id, ip: req.ip });
  res.status(202).json({ id, state });
}

/** `GET …/records/:stream?after=&updatedAfter=&deleted=&limit=`: in the order of change; `next` is the next page's `after`. */
export async function listRecords(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  const stream = param(req, 'stream');
  const known = web.registry.get(integration.pluginId)?.plugin.handlers.streams;
  if (known && !Object.hasOwn(known, stream)) {
    throw new NotFound(`There is no stream "${stream}"; there are ${Object.keys(known).join(', ') || 'none'}.`);
  }
  const [after, updatedAfter] = [queryText(req, 'after'), queryDate(req, 'updatedAfter')];
  const limit = queryNumber(req, 'limit', { default: 100, min: 1, max: 1000 });
  const scope = { storeId: store.id, integrationId: integration.id, stream };
  const deleted = queryChoice(req, 'deleted', ['true', 'false']) === 'true';
  const { records, next } = await web.records.list(scope, { limit, after, updatedAfter, deleted });
  res.json({ records, next: next ?? null });
}

async function ownRun(web: Web, req: Request, { store, integration }: Scope): Promise<Run> {
  const run = await web.syncs.run(store.id, param(req, 'run'));
  if (run.integrationId === integration.id) return run;
  throw new NotFound('This integration has no such run.');
}

function pageOf(req: Request): { limit: number; offset: number } {
  return {
    limit: queryNumber(req, 'limit', { default: 50, min: 1, max: 200 }),
    offset: queryNumber(req, 'offset', { default: 0, min: 0, max: 1_000_000 }),
  };
}

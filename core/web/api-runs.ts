import type { Request, Response } from 'express';
import { NotFound } from '../sdk/errors.ts';
import type { Run } from '../syncs/syncs.ts';
import { eventOf } from './api-events.ts';
import { integrationScope, type Scope } from './api-scope.ts';
import { runJson } from './integration-json.ts';
import { param, queryChoice, queryNumber, queryText } from './request.ts';
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
  const { store, integration, principal } = await integrationScope(web, req, 'manage');
  const { id } = await eventOf(web, req, { store, integration });
  const { state } = await web.events.replay(store.id, id);
  await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: id, ip: req.ip });
  res.status(202).json({ id, state });
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

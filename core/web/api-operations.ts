import { IsBoolean, IsIn, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { isReadable } from '../integrations/readable.ts';
import { Rejected } from '../sdk/errors.ts';
import { integrationScope } from './api-scope.ts';
import { bodyOf } from './body.ts';
import { IfGiven } from './dto.ts';
import { integrationJson, runJson } from './integration-json.ts';
import { param, queryText } from './request.ts';
import type { Web } from './services.ts';

class NoBody {}

export class SyncBody {
  /** Default: every stream the integration is set to sync. */
  @IfGiven()
  @IsString()
  stream?: string;

  @IfGiven()
  @IsIn(['incremental', 'full'])
  mode?: 'incremental' | 'full';

  /** The answer to a run that held deletions back: remove whatever is gone. */
  @IfGiven()
  @IsBoolean()
  allowDeletions?: boolean;
}

/** `PUT …/configure`: the body is the whole config; a secret left out keeps its value. */
export async function configureIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'manage');
  res.json(await integrationJson(web, await web.integrations.configure(store.id, integration.id, objectOf(req), principal)));
}

export async function showStatus(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  res.json(await web.integrations.status(store.id, integration.id));
}

export async function showHealth(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  res.json(await web.integrations.health(store.id, integration.id));
}

export async function testIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'sync');
  await bodyOf(NoBody, req);
  res.json({ success: true, ...(await web.integrations.test(store.id, integration.id, principal)) });
}

/** 202 with the runs asked for; a run that is under way already is answered instead of a second one. */
export async function syncIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, integration } = await integrationScope(web, req, 'sync');
  const body = await bodyOf(SyncBody, req);
  // Who reads again only helps; who lets records go decides for the store.
  if (body.allowDeletions) await integrationScope(web, req, 'manage');
  const runs = await web.syncs.request({ integration, trigger: 'manual', requestedBy: principal.email, ...body });
  res.status(202).json({ runs: runs.map(runJson) });
}

/** `GET …/options/:name?draft={…}`: the choices of one field, given the form as filled in so far. */
export async function listOptions(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  res.json({ options: await web.integrations.options(store.id, integration.id, param(req, 'name'), draftOf(req)) });
}

/** `GET …/actions`: what can be done, with the form of each. */
export async function listActions(web: Web, req: Request, res: Response): Promise<void> {
  const { integration } = await integrationScope(web, req, 'view');
  const actions = Object.entries(web.registry.require(integration.pluginId).plugin.handlers.actions ?? {});
  const possible = actions.filter(([, action]) => isReadable(action, integration.method));
  res.json({
    actions: possible.map(([name, { title, description = null, input }]) => ({ name, title, description, input })),
  });
}

/** `POST …/actions/:action`: the same `Idempotency-Key` gives the action the same id, for providers that know what they did already. */
export async function runAction(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'manage');
  const wanted = { action: param(req, 'action'), input: objectOf(req), principal, key: idempotencyKey(req) };
  res.json(await web.integrations.action(store.id, integration.id, wanted));
}

function idempotencyKey(req: Request): string | undefined {
  const key = req.get('Idempotency-Key');
  if (key === undefined || (key !== '' && key.length <= 255)) return key;
  throw new Rejected('The header Idempotency-Key must hold 1 to 255 characters.', {
    fields: [{ pointer: '/headers/Idempotency-Key', message: 'Use 1 to 255 characters.' }],
  });
}

/** A body whose fields a plugin's form checks. */
function objectOf(req: Request): Record<string, unknown> {
  const body: unknown = req.body ?? {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Rejected('Send a JSON object.', { fields: [{ pointer: '', message: 'Expected an object.' }] });
}

function draftOf(req: Request): Record<string, unknown> {
  const text = queryText(req, 'draft');
  if (text === undefined) return {};
  const message = '"draft" must be a JSON object.';
  try {
    const draft: unknown = JSON.parse(text);
    if (typeof draft === 'object' && draft !== null && !Array.isArray(draft)) return draft as Record<string, unknown>;
  } catch {
    // The sentence below says it better than the parser.
  }
  throw new Rejected(message, { fields: [{ pointer: '/query/draft', message }] });
}

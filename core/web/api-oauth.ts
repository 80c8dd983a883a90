import { IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { NotFound, Rejected } from '../sdk/errors.ts';
import { connectedJson } from './api-integrations.ts';
import { flatIntegration, flatStore } from './api-scope.ts';
import { bodyOf } from './body.ts';
import { principalOf } from './guard.ts';
import { integrationJson } from './integration-json.ts';
import { oauthBinding, returnedBinding } from './oauth-binding.ts';
import { param, queryRecord, queryText } from './request.ts';
import type { Web } from './services.ts';

class RefreshBody {
  @IsString()
  integrationId!: string;
}

/** `GET …/oauth/authorize?storeId&name`: where to send the person; what comes back is handed to the callback below. */
export async function authorize(web: Web, req: Request, res: Response): Promise<void> {
  const store = await flatStore(web, req, queryText(req, 'storeId'), 'manage');
  const name = queryText(req, 'name');
  const initiated = await web.connect.oauthInitiate({
    store,
    principal: principalOf(req),
    pluginId: param(req, 'plugin'),
    binding: oauthBinding(web, req, res),
    ...(name && { name }),
  });
  res.set('cache-control', 'no-store').json(initiated);
}

/** `GET|POST …/oauth/callback` with what the provider added to the redirect URI, by query or as JSON. */
export async function callback(web: Web, req: Request, res: Response): Promise<void> {
  const query = req.method === 'GET' ? queryRecord(req) : textsOf(req.body);
  const connected = await web.connect.oauthCallback({
    pluginId: param(req, 'plugin'),
    query,
    binding: returnedBinding(web, req),
    principal: principalOf(req),
  });
  res.status(connected.created ? 201 : 200).json(await connectedJson(web, connected));
}

/** `POST …/oauth/refresh`: renews the token now, as the hub would by itself before it ends. */
export async function refreshToken(web: Web, req: Request, res: Response): Promise<void> {
  const { integrationId } = await bodyOf(RefreshBody, req);
  const { store, integration, principal } = await flatIntegration(web, req, integrationId, 'manage');
  if (integration.pluginId !== param(req, 'plugin'))
    throw new NotFound(`This is not an integration of "${param(req, 'plugin')}".`);
  if (integration.method !== 'oauth') throw new Rejected('This integration was connected with keys; there is no token to renew.');
  const current = await web.tokens.accessToken(integration);
  await web.tokens.accessToken(integration, { renew: current });
  await web.audit.record({ storeId: store.id, principal, action: 'credential.renew', target: integration.id, ip: req.ip });
  res.json({
    refreshed: true,
    integration: await integrationJson(web, await web.integrationStore.get(store.id, integration.id)),
  });
}

function textsOf(body: unknown): Record<string, string> {
  const entries = Object.entries((body ?? {}) as object).map(([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    throw new Rejected(`"${name}" must be a text.`, { fields: [{ pointer: `/${name}`, message: 'Expected a text.' }] });
  });
  return Object.fromEntries(entries);
}

import { IsBoolean, IsIn, IsObject, IsString, Length, MaxLength } from 'class-validator';
import type { Request, Response } from 'express';
import type { Connected } from '../integrations/connect.ts';
import { Rejected } from '../sdk/errors.ts';
import { integrationScope } from './api-scope.ts';
import { bodyOf } from './body.ts';
import { isShown } from './card.ts';
import { IfGiven } from './dto.ts';
import { principalOf, requireStore } from './guard.ts';
import { integrationJson, templateJson } from './integration-json.ts';
import { oauthBinding } from './oauth-binding.ts';
import { param, queryText } from './request.ts';
import type { Web } from './services.ts';

const METHODS = ['manual', 'oauth'] as const;

class ConnectBody {
  @IsIn(METHODS)
  method!: 'manual' | 'oauth';

  @IfGiven()
  @IsString()
  @Length(1, 100)
  name?: string;

  /** The manual fields, checked by the plugin's form. */
  @IfGiven()
  @IsObject()
  fields?: Record<string, unknown>;
}

class ReconnectBody {
  /** Default: as it was connected. */
  @IfGiven()
  @IsIn(METHODS)
  method?: 'manual' | 'oauth';

  @IfGiven()
  @IsObject()
  fields?: Record<string, unknown>;
}

class ChangeBody {
  @IfGiven()
  @IsString()
  @Length(1, 100)
  name?: string;

  @IfGiven()
  @IsString()
  @MaxLength(1000)
  description?: string;

  @IfGiven()
  @IsBoolean()
  enabled?: boolean;
}

class DisconnectBody {
  /** Default true. */
  @IfGiven()
  @IsBoolean()
  keepRecords?: boolean;

  @IfGiven()
  @IsString()
  @MaxLength(500)
  reason?: string;
}

/** `GET /api/stores`: those the caller belongs to. */
export async function listStores(web: Web, req: Request, res: Response): Promise<void> {
  res.json({ stores: await web.stores.list(principalOf(req)) });
}

/** `GET /api/stores/:store/integrations`: every card with the store's integrations. */
export async function listCards(web: Web, req: Request, res: Response): Promise<void> {
  const store = await requireStore(web, req, 'view');
  const { operator } = principalOf(req);
  const integrations = await web.integrationStore.list({ storeId: store.id });
  const templates = [];
  for (const template of web.registry.templates()) {
    const own = integrations.filter(({ pluginId }) => pluginId === template.id);
    if (!isShown(template, own.length, operator)) continue;
    const shown = await Promise.all(own.map((integration) => integrationJson(web, integration)));
    templates.push({ ...templateJson(template, own, operator), integrations: shown });
  }
  res.json({ store, templates });
}

export async function connectIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const store = await requireStore(web, req, 'manage');
  const { method, name, fields } = await bodyOf(ConnectBody, req);
  const base = { store, principal: principalOf(req), pluginId: param(req, 'plugin'), ...(name !== undefined && { name }) };
  if (method === 'oauth')
    return void res.json(await web.connect.oauthInitiate({ ...base, binding: oauthBinding(web, req, res) }));
  const connected = await web.connect.manual({ ...base, fields: givenFields(fields) });
  res.status(connected.created ? 201 : 200).json(await connectedJson(web, connected));
}

export async function reconnectIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'manage');
  const body = await bodyOf(ReconnectBody, req);
  const base = { store, principal, pluginId: integration.pluginId, integrationId: integration.id };
  if ((body.method ?? integration.method) === 'oauth') {
    return void res.json(await web.connect.oauthInitiate({ ...base, binding: oauthBinding(web, req, res) }));
  }
  res.json(await connectedJson(web, await web.connect.manual({ ...base, fields: givenFields(body.fields) })));
}

export async function getIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationScope(web, req, 'view');
  const [json, records] = await Promise.all([integrationJson(web, integration), web.records.counts(store.id, integration.id)]);
  res.json({ ...json, records });
}

export async function changeIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'manage');
  const change = await bodyOf(ChangeBody, req);
  res.json(await integrationJson(web, await web.integrations.rename(store.id, integration.id, { ...change }, principal)));
}

/** `DELETE`: the integration stays as `disconnected`; its records go only where `keepRecords` is false. */
export async function disconnectIntegration(web: Web, req: Request, res: Response): Promise<void> {
  const { principal, store, integration } = await integrationScope(web, req, 'manage');
  const { keepRecords = keepByQuery(req), reason } = await bodyOf(DisconnectBody, req);
  await web.integrations.disconnect(store.id, integration.id, {
    keepRecords,
    principal,
    ...(reason !== undefined && { reason }),
  });
  res.json(await integrationJson(web, await web.integrationStore.get(store.id, integration.id)));
}

export async function connectedJson(web: Web, { integration, test }: Connected): Promise<Record<string, unknown>> {
  return { ...(await integrationJson(web, integration)), test };
}

function givenFields(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  if (fields) return fields;
  const message = 'Send the keys in "fields".';
  throw new Rejected(message, { fields: [{ pointer: '/fields', message }] });
}

/** Not every client sends a body with DELETE. */
function keepByQuery(req: Request): boolean {
  return queryText(req, 'keepRecords') !== 'false';
}

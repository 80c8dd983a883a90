import { IsString } from 'class-validator';
import type { Request } from 'express';
import { NotFound, Rejected } from '../../sdk/errors.ts';
import { anyText, InQuery, PluginFields } from '../http/dto.ts';
import { oauthBinding, returnedBinding } from '../http/oauth-binding.ts';
import { param, queryRecord } from '../http/request.ts';
import { integrationJson } from '../integration-json.ts';
import { connectedReply } from './integrations.ts';
import { inFlatIntegration, inFlatStore } from './place.ts';
import { type ApiRoute, at, type Call, type IntegrationCall, ok, type Reply, type StoreCall, signedIn } from './route.ts';
import { object } from './schema.ts';
import { AUTHORIZE, CONNECTED, INTEGRATION } from './schemas.ts';

class RefreshToken {
  @IsString()
  integrationId!: string;
}

class AuthorizeQuery {
  @InQuery(anyText(), 'Id or slug; default: the API key’s.')
  readonly storeId?: string;

  @InQuery(anyText(100), 'What the integration is to be called.')
  readonly name?: string;
}

async function authorize({ web, req, res, principal, store, query }: StoreCall<unknown, AuthorizeQuery>): Promise<Reply> {
  const { name } = query;
  const binding = oauthBinding(web, req, res);
  const base = { store, principal, pluginId: param(req, 'plugin'), binding };
  return ok(await web.connect.oauthInitiate({ ...base, ...(name && { name }) }));
}

async function finish({ web, req, principal }: Call, query: Record<string, string>): Promise<Reply> {
  const came = { pluginId: param(req, 'plugin'), query, binding: returnedBinding(web, req), principal };
  return connectedReply(web, await web.connect.oauthCallback(came));
}

async function refreshToken(call: IntegrationCall<RefreshToken>): Promise<Reply> {
  const { web, req, principal, store, integration } = call;
  checkPlugin(req, integration.pluginId);
  if (integration.method !== 'oauth') throw new Rejected('This integration was connected with keys; there is no token to renew.');
  const current = await web.tokens.accessToken(integration);
  await web.tokens.accessToken(integration, { renew: current });
  await web.audit.record({ storeId: store.id, principal, action: 'credential.renew', target: integration.id, ip: req.ip });
  const json = await integrationJson(web, await web.integrationStore.get(store.id, integration.id));
  return ok({ refreshed: true, integration: json });
}

function checkPlugin(req: Request, pluginId: string): void {
  if (pluginId !== param(req, 'plugin')) throw new NotFound(`This is not an integration of "${param(req, 'plugin')}".`);
}

function textsOf(body: Readonly<Record<string, unknown>>): Record<string, string> {
  const entries = Object.entries(body).map(([name, value]) => {
    if (typeof value === 'string') return [name, value] as const;
    throw new Rejected(`"${name}" must be a text.`, { fields: [{ pointer: `/${name}`, message: 'Expected a text.' }] });
  });
  return Object.fromEntries(entries);
}

const tag = 'OAuth';
const BASE = '/api/integrations/:plugin/oauth';
const RETURNED = {
  tag,
  does: 'Finish what was begun',
  more: 'With what the provider added to the redirect URI.',
  problems: ['INVALID_CREDENTIALS', 'CONFLICT', 'CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'],
  answers: {
    200: { says: 'Connected again.', schema: CONNECTED },
    201: { says: 'Connected.', schema: CONNECTED },
  },
} as const;

export const oauthRoutes: readonly ApiRoute[] = [
  at(inFlatStore)({
    on: `GET ${BASE}/authorize`,
    tag,
    does: 'Begin connecting',
    need: 'manage',
    query: AuthorizeQuery,
    problems: ['PLUGIN_UNAVAILABLE'],
    answers: { 200: { says: 'Where to send the person.', schema: AUTHORIZE } },
    run: authorize,
  }),
  signedIn({
    ...RETURNED,
    on: `GET ${BASE}/callback`,
    // Whatever else a provider adds has to be ignored (RFC 6749, 4.1.2).
    query: PluginFields,
    run: (call) => finish(call, queryRecord(call.req)),
  }),
  signedIn({
    ...RETURNED,
    on: `POST ${BASE}/callback`,
    body: PluginFields,
    run: (call) => finish(call, textsOf(call.body)),
  }),
  at(inFlatIntegration)({
    on: `POST ${BASE}/refresh`,
    tag,
    does: 'Renew its token now',
    more: 'As the hub would by itself before it ends.',
    need: 'manage',
    body: RefreshToken,
    once: true,
    problems: ['RECONNECT_NEEDED', 'CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'],
    answers: {
      200: { says: 'Renewed.', schema: object({ refreshed: { type: 'boolean', const: true }, integration: INTEGRATION }) },
    },
    run: refreshToken,
  }),
];

import type { Connected } from '../../integrations/connect.ts';
import { Rejected } from '../../sdk/errors.ts';
import { oauthBinding } from '../http/oauth-binding.ts';
import { param } from '../http/request.ts';
import { integrationJson } from '../integration-json.ts';
import type { Web } from '../services.ts';
import { ChangeIntegration, Connect, Disconnect, DisconnectQuery, Reconnect } from './integration-bodies.ts';
import { inIntegration, inStore } from './place.ts';
import { type ApiRoute, at, created, type IntegrationCall, ok, type Reply, type StoreCall } from './route.ts';
import { AUTHORIZE, CONNECTED, INTEGRATION, WHOLE_INTEGRATION } from './schemas.ts';
import { integrationTag } from './tags.ts';

async function connect({ web, req, res, principal, store, body }: StoreCall<Connect>): Promise<Reply> {
  const { method, name, fields } = body;
  const base = { store, principal, pluginId: param(req, 'plugin'), ...(name !== undefined && { name }) };
  if (method === 'oauth') return ok(await web.connect.oauthInitiate({ ...base, binding: oauthBinding(web, req, res) }));
  return connectedReply(web, await web.connect.manual({ ...base, fields: givenFields(fields) }));
}

async function reconnect({ web, req, res, principal, store, integration, body }: IntegrationCall<Reconnect>): Promise<Reply> {
  const base = { store, principal, pluginId: integration.pluginId, integrationId: integration.id };
  if ((body.method ?? integration.method) === 'oauth') {
    return ok(await web.connect.oauthInitiate({ ...base, binding: oauthBinding(web, req, res) }));
  }
  return connectedReply(web, await web.connect.manual({ ...base, fields: givenFields(body.fields) }));
}

async function getIntegration({ web, store, integration }: IntegrationCall): Promise<Reply> {
  const [json, records] = await Promise.all([integrationJson(web, integration), web.records.counts(store.id, integration.id)]);
  return ok({ ...json, records });
}

async function change({ web, principal, store, integration, body }: IntegrationCall<ChangeIntegration>): Promise<Reply> {
  return ok(await integrationJson(web, await web.integrations.rename(store.id, integration.id, { ...body }, principal)));
}

async function disconnect(call: IntegrationCall<Disconnect, DisconnectQuery>): Promise<Reply> {
  const { web, principal, store, integration, body, query } = call;
  const { keepRecords = query.keepRecords ?? true, reason } = body;
  const wanted = { keepRecords, principal, ...(reason !== undefined && { reason }) };
  await web.integrations.disconnect(store.id, integration.id, wanted);
  return ok(await integrationJson(web, await web.integrationStore.get(store.id, integration.id)));
}

/** 201 for a new integration, 200 for one that was there. */
export async function connectedReply(web: Web, { integration, test, created: isNew }: Connected): Promise<Reply> {
  const json = { ...(await integrationJson(web, integration)), test };
  return isNew ? created(json) : ok(json);
}

function givenFields(fields: Record<string, unknown> | undefined): Record<string, unknown> {
  if (fields) return fields;
  const message = 'Send the keys in "fields".';
  throw new Rejected(message, { fields: [{ pointer: '/fields', message }] });
}

const ALL = '/api/stores/:store/integrations';
const ONE = `${ALL}/:integration` as const;
const tag = 'Integrations';
const REFUSALS = ['INVALID_CREDENTIALS', 'CONFIG_SCHEMA_INVALID', 'CONFLICT', 'CONNECTION_FAILED', 'PLUGIN_UNAVAILABLE'] as const;
const [here, one] = [at(inStore), at(inIntegration)];
const forms = { kind: 'credentials', field: 'fields' } as const;
const END = {
  tag,
  does: 'Disconnect',
  more: 'It stays as `disconnected`; its records go only where `keepRecords` is false.',
  need: 'manage',
  body: Disconnect,
  query: DisconnectQuery,
  problems: ['INTEGRATION_NOT_ACTIVE', 'CONFLICT'],
  answers: { 200: { says: 'As it is now.', schema: INTEGRATION } },
  run: disconnect,
} as const;

export const integrationRoutes: readonly ApiRoute[] = [
  here({
    on: `POST ${ALL}/:plugin/connect`,
    tag,
    does: 'Connect an account',
    more: 'Keys are tested before anything is kept. `oauth` answers where to send the person.',
    need: 'manage',
    body: Connect,
    forms,
    once: true,
    problems: REFUSALS,
    examples: { oauth: { method: 'oauth', name: 'Main account' } },
    answers: {
      200: {
        says: 'Where to send the person; or the integration, if the account was connected before.',
        schema: { anyOf: [AUTHORIZE, CONNECTED] },
      },
      201: { says: 'Connected.', schema: CONNECTED },
    },
    run: connect,
  }),
  one({
    on: `GET ${ONE}`,
    tag,
    does: 'Read an integration',
    tagged: integrationTag,
    answers: { 200: { says: 'With how many records are here.', schema: WHOLE_INTEGRATION } },
    run: getIntegration,
  }),
  one({
    on: `PATCH ${ONE}`,
    tag,
    does: 'Rename, describe, pause or resume',
    need: 'manage',
    body: ChangeIntegration,
    tagged: integrationTag,
    examples: { rename: { name: 'Downtown branch' }, pause: { enabled: false }, resume: { enabled: true } },
    answers: { 200: { says: 'As it is now.', schema: INTEGRATION } },
    run: change,
  }),
  one({ ...END, on: `DELETE ${ONE}` }),
  one({ ...END, on: `DELETE ${ONE}/disconnect` }),
  one({
    on: `POST ${ONE}/reconnect`,
    tag,
    does: 'Connect it again',
    need: 'manage',
    body: Reconnect,
    forms,
    once: true,
    problems: REFUSALS,
    examples: { oauth: { method: 'oauth' } },
    answers: { 200: { says: 'Where to send the person, or the integration.', schema: { anyOf: [AUTHORIZE, CONNECTED] } } },
    run: reconnect,
  }),
];

import { barredBy } from '../../integrations/barred.ts';
import { isReadable } from '../../integrations/readable.ts';
import { pageIn } from '../http/cursor.ts';
import { PluginFields } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { KEY_HEADER } from './mount.ts';
import { CALL_PROBLEMS } from './operations.ts';
import { inIntegration } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, at, type IntegrationCall, ok, type Reply } from './route.ts';
import { anything, object, orNull, pageOf, text, whole } from './schema.ts';
import { OLDER } from './schemas.ts';

function listActions({ web, integration, query }: IntegrationCall<unknown, PageQuery>): Reply {
  const plugin = web.registry.require(integration.pluginId);
  const actions = Object.entries(plugin.plugin.handlers.actions ?? {});
  const possible = actions.filter(([, action]) => isReadable(action, integration.method));
  const { page, next } = pageIn(possible, query, ([name]) => name);
  const told = page.map(([name, { title, description = null, input }]) => {
    const barred = barredBy(plugin, integration, name) ?? null;
    return { name, title, description, input, barred };
  });
  return ok({ actions: told, next });
}

async function runAction({ web, req, principal, store, integration, body }: IntegrationCall<PluginFields>): Promise<Reply> {
  const wanted = { action: param(req, 'action'), input: body, principal, key: req.get(KEY_HEADER) };
  return ok(await web.integrations.action(store.id, integration.id, wanted));
}

const ACTIONS = '/api/stores/:store/integrations/:integration/actions';
const tag = 'Actions';
const BARRED = {
  ...orNull(object({ text, field: text })),
  description: 'Why its settings forbid it, and the one that allows it.',
};
const ACTION = object({
  name: text,
  title: text,
  description: orNull(text),
  input: { ...anything, description: 'Its form.' },
  barred: BARRED,
});
const CHANGED = object({
  written: whole,
  unchanged: whole,
  deleted: whole,
  older: OLDER,
  failed: whole,
  resyncs: whole,
  disconnected: { type: 'boolean' },
});
const one = at(inIntegration);

export const actionRoutes: readonly ApiRoute[] = [
  one({
    on: `GET ${ACTIONS}`,
    tag,
    does: 'List what can be done',
    query: PageQuery,
    problems: ['PLUGIN_UNAVAILABLE'],
    answers: { 200: { says: 'Actions with their forms.', schema: pageOf('actions', ACTION) } },
    run: listActions,
  }),
  one({
    on: `POST ${ACTIONS}/:action`,
    tag,
    does: 'Do one of them',
    more: 'The same `Idempotency-Key` also reaches providers that know what they did already. One that is `barred` is refused (`FORBIDDEN`).',
    need: 'manage',
    body: PluginFields,
    forms: { kind: 'action' },
    once: true,
    problems: [...CALL_PROBLEMS, 'CONFLICT'],
    answers: {
      200: {
        says: 'What the provider answered, and what it changed here.',
        schema: object({ data: anything, changed: CHANGED }, ['changed']),
      },
    },
    run: runAction,
  }),
];

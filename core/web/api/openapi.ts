import type { Registry } from '../../plugins/registry.ts';
import { PROBLEM, problemResponses } from './openapi-problems.ts';
import { bodyComponents, bodySchema, pluginComponents, queryParameters } from './openapi-requests.ts';
import type { Answered, ApiRoute } from './route.ts';
import type { Schema } from './schema.ts';

export interface DocumentParts {
  readonly brand: string;
  readonly publicUrl: string;
  readonly registry: Pick<Registry, 'templates'>;
}

type Components = Map<string, Schema>;

/** What the parameters in addresses are. */
const PARAMETERS: Readonly<Record<string, string>> = {
  store: 'A store’s id or slug.',
  integration: 'Its id, or the plugin’s id where the store has exactly one.',
  plugin: 'A plugin’s id: its folder’s name.',
  stream: 'A kind of record the plugin syncs.',
  record: 'The provider’s id of the record.',
  name: 'The name of the choices, as the form’s `x-options` says.',
};

/** OpenAPI 3.1 of the table, with the forms of the plugins that run now. */
export function openApi(routes: readonly ApiRoute[], { brand, publicUrl, registry }: DocumentParts): Record<string, unknown> {
  const components: Components = new Map([['Problem', PROBLEM]]);
  const forms = pluginComponents(registry.templates());
  for (const [name, schema] of forms) components.set(name, schema);
  for (const [name, schema] of bodyComponents(routes, [...forms.keys()])) components.set(name, schema);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    const [method = '', path = ''] = route.on.split(' ');
    const at = path.replace(/:(\w+)/g, '{$1}');
    paths[at] = { ...paths[at], [method.toLowerCase()]: operation(route, components) };
  }
  return {
    openapi: '3.1.0',
    info: { title: `${brand} API`, version: '1', description: ABOUT },
    servers: [{ url: publicUrl }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas: Object.fromEntries([...components].sort(([one], [other]) => (one < other ? -1 : 1))),
      securitySchemes: SCHEMES,
      headers: HEADERS,
    },
  };
}

const ABOUT =
  'JSON in, JSON out. A refusal is an RFC 9457 problem with a `code` to act on, the `id` of the request and, where fields are at ' +
  'fault, an `errors` list of JSON pointers. Lists answer `next`, the `cursor` of the next page. Texts hold neither NUL nor half ' +
  'a character, and a body nests no more than 64 levels.';

const SCHEMES = {
  key: { type: 'http', scheme: 'bearer', description: 'An API key: `Authorization: Bearer pb_…`.' },
  password: { type: 'http', scheme: 'basic', description: 'Email and password, for the first key.' },
  session: {
    type: 'apiKey',
    in: 'cookie',
    name: 'sid',
    description: 'A signed-in browser; changes also need the header `x-csrf-token`.',
  },
};

const HEADERS = {
  'X-Request-Id': { description: 'Yours if you sent one, else a new one; leads to the log.', schema: { type: 'string' } },
  RateLimit: { description: 'What is left, and until when.', schema: { type: 'string' } },
  'RateLimit-Policy': { description: 'How much is allowed in which time.', schema: { type: 'string' } },
  'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
  ETag: { description: 'Of this state; send it back as `If-Match`.', schema: { type: 'string' } },
};

function operation(route: ApiRoute, components: Components): Record<string, unknown> {
  const { on, tag, does, more, need } = route;
  const scope = route.who === 'operator' ? 'admin' : route.place ? SCOPES[need ?? 'view'] : undefined;
  const told = [more, scope && `Needs the scope \`${scope}\`.`].filter(Boolean).join(' ');
  return {
    operationId: operationId(on),
    tags: [tag],
    summary: does,
    ...(told && { description: told }),
    security: securityOf(route, scope),
    parameters: [...pathParameters(on), ...queryParameters(route), ...headerParameters(route)],
    ...requestBody(route),
    responses: { ...answersOf(route, components), ...problemResponses(route) },
  };
}

const SCOPES = { view: 'read', sync: 'sync', manage: 'write' } as const;

function securityOf({ who }: ApiRoute, scope: string | undefined): Record<string, string[]>[] {
  if (who === 'anyone') return [];
  const byKey = { key: scope ? [scope] : [] };
  return who === 'password' ? [{ password: [] }, { session: [] }] : [byKey, { session: [] }];
}

/** `GET /api/stores/:store/integrations` → `getStoresByStoreIntegrations` */
function operationId(on: string): string {
  const [method = '', path = ''] = on.split(' ');
  const words = path
    .replace(/^\/api\//, '')
    .replace(/:(\w+)/g, 'by-$1')
    .split(/[^A-Za-z0-9]+/);
  return method.toLowerCase() + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

function pathParameters(on: string): object[] {
  return [...on.matchAll(/:(\w+)/g)].map(([, name = '']) => ({
    name,
    in: 'path',
    required: true,
    ...(PARAMETERS[name] && { description: PARAMETERS[name] }),
    schema: { type: 'string' },
  }));
}

function headerParameters({ once, tagged, on }: ApiRoute): object[] {
  const key = { name: 'Idempotency-Key', in: 'header', schema: { type: 'string', pattern: '^[ -~]{1,255}$' } };
  const match = { name: 'If-Match', in: 'header', schema: { type: 'string' } };
  return [
    ...(once ? [{ ...key, description: 'The same key does it once and gets the same answer, for 24 hours.' }] : []),
    ...(tagged && !on.startsWith('GET ') ? [{ ...match, description: 'Only if it is still as this `ETag` says.' }] : []),
  ];
}

function requestBody(route: ApiRoute): { requestBody?: object } {
  const schema = bodySchema(route);
  if (!schema) return {};
  const given = Object.entries(route.examples ?? {}).map(([name, value]) => [name, { value }]);
  const examples = given.length > 0 && { examples: Object.fromEntries(given) };
  const required = ((schema['required'] as string[] | undefined) ?? []).length > 0;
  return { requestBody: { required, content: { 'application/json': { schema, ...examples } } } };
}

function answersOf({ answers, tagged, on }: ApiRoute, components: Components): Record<string, unknown> {
  const told = Object.entries(answers).map(([status, answer]) => [status, answerOf(answer, components, tagged !== undefined)]);
  const same = tagged && on.startsWith('GET ') && { 304: { description: 'Still as `If-None-Match` says.' } };
  return { ...Object.fromEntries(told), ...same };
}

function answerOf(
  { says, schema, type = 'application/json', also = [], live }: Answered,
  components: Components,
  tagged: boolean,
): object {
  const names = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', ...(tagged ? ['ETag'] : [])];
  const headers = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  if (!schema) return { description: says, headers };
  const others = Object.fromEntries(also.map((other) => [other, { schema: { type: 'string' } }]));
  const stream = live && { 'text/event-stream': { schema: { type: 'string' } } };
  return { description: says, headers, content: { [type]: { schema: shared(schema, components) }, ...others, ...stream } };
}

/** A schema with a name is said once. */
function shared(schema: unknown, components: Components): unknown {
  if (Array.isArray(schema)) return schema.map((one) => shared(one, components));
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = (of: object) => Object.fromEntries(Object.entries(of).map(([name, value]) => [name, shared(value, components)]));
  const { title, ...rest } = schema as { title?: unknown };
  // Among properties there may be one of that name.
  if (typeof title !== 'string') return inner(schema);
  if (!components.has(title)) components.set(title, inner(rest));
  return { $ref: `#/components/schemas/${title}` };
}

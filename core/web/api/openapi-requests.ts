import { getMetadataStorage } from 'class-validator';
import { targetConstructorToSchema } from 'class-validator-jsonschema';
import { schemaOf } from '../../plugins/form-json-schema.ts';
import type { Template } from '../../plugins/registry.ts';
import { type Dto, nullableFields, PluginFields, queryKinds } from '../http/dto.ts';
import type { ApiRoute, FormUse } from './route.ts';
import type { Schema } from './schema.ts';

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Constrained {
  readonly constraints: readonly NonNullable<unknown>[];
}

/** Our own decorator carries the schema it stands for; the library's word for the rest forgets null and whole numbers. */
const CONVERTERS = {
  inQuery: ({ constraints }: Constrained) => constraints[0] ?? {},
  isIn: ({ constraints }: Constrained) => ({ enum: [...(constraints[0] as Iterable<unknown>)] }),
  min: ({ constraints }: Constrained) => ({ minimum: Number(constraints[0]) }),
  max: ({ constraints }: Constrained) => ({ maximum: Number(constraints[0]) }),
};

/** The forms of the plugins that run: `acme.credentials`, `acme.config`, `acme.actions.refund`. */
export function pluginComponents(templates: readonly Template[]): Map<string, Schema> {
  const found = new Map<string, Schema>();
  for (const { id, loaded } of templates) {
    const { manifest, handlers } = loaded?.plugin ?? {};
    if (!manifest || manifest.comingSoon) continue;
    for (const auth of manifest.auth) if (auth.method === 'manual') found.set(`${id}.credentials`, schemaOf(auth.fields));
    found.set(`${id}.config`, schemaOf(manifest.config));
    for (const [name, { input }] of Object.entries(handlers?.actions ?? {})) found.set(`${id}.actions.${name}`, schemaOf(input));
  }
  return found;
}

/** The bodies by the names of their classes. @throws Error for two of one name */
export function bodyComponents(routes: readonly ApiRoute[], forms: readonly string[]): Map<string, Schema> {
  const found = new Map<string, Schema>();
  const known = new Map<string, Dto<object>>();
  for (const { body, forms: use } of routes) {
    if (!body || body === PluginFields) continue;
    if ((known.get(body.name) ?? body) !== body) throw new Error(`two bodies are called ${body.name}`);
    known.set(body.name, body);
    found.set(body.name, withForms(dtoSchema(body), use, forms));
  }
  for (const kind of ['config', 'action'] as const) found.set(`plugin.${kind}`, anyForm(kind, forms));
  return found;
}

/** As a provider brings it in a query. */
const TEXTS = { type: 'object', additionalProperties: { type: 'string' } };

export function bodySchema({ on, body, forms }: ApiRoute): (Schema & ObjectSchema) | undefined {
  if (!body || on.startsWith('GET ')) return undefined;
  if (body === PluginFields) return forms ? { $ref: `#/components/schemas/plugin.${forms.kind}` } : TEXTS;
  return { $ref: `#/components/schemas/${body.name}` };
}

export function queryParameters({ query }: ApiRoute): object[] {
  if (!query) return [];
  if (query === PluginFields)
    return [{ name: 'params', in: 'query', explode: true, schema: { type: 'object', additionalProperties: { type: 'string' } } }];
  const { properties = {} } = dtoSchema(query) as ObjectSchema;
  const defaults = new query() as Record<string, unknown>;
  return [...queryKinds(query).keys()].map((name) => {
    const { description, ...schema } = properties[name] ?? {};
    const fallback = defaults[name] === undefined ? {} : { default: defaults[name] };
    return { name, in: 'query', ...(description !== undefined && { description }), schema: { ...schema, ...fallback } };
  });
}

/** A class of validated fields as JSON Schema: closed, and null where null takes a value away. */
function dtoSchema(Dto: Dto<object>): Schema {
  const { properties = {}, required } = converted(Dto);
  const nullable = nullableFields(Dto);
  const fields = Object.entries(properties).map(([name, schema]) => [
    name,
    nullable.has(name) ? { ...schema, type: [schema['type'], 'null'] } : schema,
  ]);
  return { type: 'object', properties: Object.fromEntries(fields), ...(required && { required }), additionalProperties: false };
}

/** The library's own type is of OpenAPI 3.0. */
function converted(Dto: Dto<object>): ObjectSchema {
  // Named, as the library takes the one of its own first moment otherwise.
  const classValidatorMetadataStorage = getMetadataStorage();
  const schema: unknown = targetConstructorToSchema(Dto, { additionalConverters: CONVERTERS, classValidatorMetadataStorage });
  return schema as ObjectSchema;
}

function withForms(schema: Schema, use: FormUse | undefined, forms: readonly string[]): Schema {
  const { properties = {} } = schema as ObjectSchema;
  if (!use?.field) return schema;
  const described = { ...properties[use.field], ...anyForm(use.kind, forms) };
  return { ...schema, properties: { ...properties, [use.field]: described } };
}

function anyForm(kind: FormUse['kind'], forms: readonly string[]): Schema {
  const fitting = forms.filter((name) => name.split('.')[1] === (kind === 'action' ? 'actions' : kind));
  if (fitting.length === 0) return { type: 'object' };
  return { type: 'object', anyOf: fitting.map((name) => ({ $ref: `#/components/schemas/${name}` })) };
}

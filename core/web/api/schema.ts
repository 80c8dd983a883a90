/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. */
export type Schema = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const whole: Schema = { type: 'integer' };
export const share: Schema = { type: 'number', minimum: 0 };
export const bool: Schema = { type: 'boolean' };
export const moment: Schema = { type: 'string', format: 'date-time' };
export const uuid: Schema = { type: 'string', format: 'uuid' };
export const url: Schema = { type: 'string' };
/** What a plugin or a provider decides. */
export const anything: Schema = { type: 'object', additionalProperties: true };

export function oneOfTexts(values: readonly string[]): Schema {
  return { type: 'string', enum: [...values] };
}

export function orNull(schema: Schema): Schema {
  const { type } = schema;
  if (typeof type === 'string' && !schema['enum'] && !schema['title']) return { ...schema, type: [type, 'null'] };
  return { anyOf: [schema, { type: 'null' }] };
}

export function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

export function mapOf(values: Schema): Schema {
  return { type: 'object', additionalProperties: values };
}

/** Closed: what is not named is not there. */
export function object(properties: Readonly<Record<string, Schema>>, mayLack: readonly string[] = []): Schema {
  const required = Object.keys(properties).filter((name) => !mayLack.includes(name));
  return { type: 'object', properties, ...(required.length > 0 && { required }), additionalProperties: false };
}

/** The same with more. */
export function extended(schema: Schema, properties: Readonly<Record<string, Schema>>): Schema {
  const { title: _, ...base } = schema;
  const own = { ...(base['properties'] as object), ...properties };
  return { ...base, properties: own, required: [...((base['required'] as string[]) ?? []), ...Object.keys(properties)] };
}

/** A schema the document names once and refers to; the title is its name. */
export function named(title: string, schema: Schema): Schema {
  return { title, ...schema };
}

/** One page of a list. */
export function pageOf(name: string, items: Schema, more: Readonly<Record<string, Schema>> = {}): Schema {
  const next = { ...orNull(text), description: 'The `cursor` of the next page; null on the last.' };
  return object({ [name]: listOf(items), next, ...more });
}

import type { Field, Form, RowForm } from '../sdk/index.ts';
import { isMap, isTable } from './form-kinds.ts';

type Schema = Readonly<Record<string, unknown>>;

/** A form as Ajv takes it: closed at every level, as the form itself leaves unsaid. */
export function schemaOf(form: Form | RowForm): Schema {
  const fields = Object.entries(form.properties).map(([name, field]) => [name, fieldSchema(field)]);
  return { ...form, properties: Object.fromEntries(fields), additionalProperties: false };
}

function fieldSchema(field: Field): Schema {
  if (isTable(field)) return { ...field, items: schemaOf(field.items) };
  if (!isMap(field)) return { ...field };
  const keys = field['x-keys'];
  if (typeof keys === 'string') return { ...field, additionalProperties: { type: 'string' } };
  const properties = Object.fromEntries(Object.keys(keys).map((key) => [key, { type: 'string' }]));
  return { ...field, properties, additionalProperties: false };
}

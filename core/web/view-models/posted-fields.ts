import type { Field, Form, ListField } from '../../sdk/index.ts';

/**
 * The fields of a posted page, without their prefix. A list that was typed because its choices could not be loaded comes as
 * one text (its name is in `_lines`), and is cut into lines here.
 */
export function postedFields(form: Form, prefix: string, body: unknown): Record<string, unknown> {
  const posted = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>;
  const lines = [posted['_lines']].flat();
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form.properties)) {
    const key = `${prefix}${name}`;
    if (!Object.hasOwn(posted, key)) continue;
    const value = posted[key];
    values[name] = isList(field) && typeof value === 'string' && lines.includes(key) ? value.split(/\r?\n/) : value;
  }
  return values;
}

function isList(field: Field): field is ListField {
  return field.type === 'array';
}

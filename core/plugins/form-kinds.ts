import type { Field, ListField, MapField, TableField, TextField } from '../sdk/index.ts';

/** Rows of columns, not a list of texts: both are arrays. */
export function isTable(field: Field | undefined): field is TableField {
  return field?.type === 'array' && field.items.type === 'object';
}

/** A list of texts. */
export function isList(field: Field | undefined): field is ListField {
  return field?.type === 'array' && field.items.type === 'string';
}

/** A field whose values are texts, one or several: those that may be chosen from offered ones. */
export function isTextual(field: Field | undefined): field is TextField | ListField {
  return field?.type === 'string' || isList(field);
}

/** The loader in `options` that offers the values of a field. */
export function loaderOf(field: Field | undefined): string | undefined {
  return isTextual(field) || isMap(field) ? field['x-options'] : undefined;
}

/** Texts by name. */
export function isMap(field: Field | undefined): field is MapField {
  return field?.type === 'object';
}

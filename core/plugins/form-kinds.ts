import type { Field, ListField, MapField, TableField, TextField } from '../sdk/index.ts';

/** Rows of columns, not a list of texts: both are arrays. */
export function isTable(field: Field | undefined): field is TableField {
  return field?.type === 'array' && field.items.type === 'object';
}

/** A list of texts. */
export function isList(field: Field | undefined): field is ListField {
  return field?.type === 'array' && field.items.type === 'string';
}

/** Texts by name. */
export function isMap(field: Field | undefined): field is MapField {
  return field?.type === 'object';
}

/** A field whose values are texts, one or several: those that may be chosen from offered ones. */
export function isTextual(field: Field | undefined): field is TextField | ListField {
  return field?.type === 'string' || isList(field);
}

/** The loader in `options` that offers the values of a field. */
export function loaderOf(field: Field | undefined): string | undefined {
  return isTextual(field) || isMap(field) ? field['x-options'] : undefined;
}

/** The loader that offers the names of a map. */
export function keyLoaderOf(field: Field | undefined): string | undefined {
  return isMap(field) && typeof field['x-keys'] === 'string' ? field['x-keys'] : undefined;
}

/** Every loader a field asks, those of its columns included. */
export function loadersOf(field: Field): string[] {
  const columns = isTable(field) ? Object.values(field.items.properties) : [];
  return [keyLoaderOf(field), loaderOf(field), ...columns.map(loaderOf)].filter((loader) => loader !== undefined);
}

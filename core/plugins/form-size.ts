import type { Field, FieldFault, Form } from '../sdk/index.ts';
import { isMap } from './form-kinds.ts';
import { manyEntries, pointerTo } from './form-messages.ts';

/** What a field takes whose author names no bound. */
const MOST_ENTRIES = 1000;

/** Is there more in it than the field may hold? Looks at nothing inside. */
export function isOverfull(field: Field, value: unknown): boolean {
  return sizeOf(field, value) > mostOf(field);
}

/** Counted apart from the check, which looks at every entry of even the longest table and has something to say of each. */
export function sizeFaults(form: Form, values: Readonly<Record<string, unknown>>, pointer: string): FieldFault[] {
  return Object.entries(form.properties)
    .filter(([name, field]) => Object.hasOwn(values, name) && isOverfull(field, values[name]))
    .map(([name, field]) => ({ pointer: pointerTo(pointer, name), message: manyEntries(field.title, mostOf(field)) }));
}

function sizeOf(field: Field, value: unknown): number {
  if (field.type === 'array') return Array.isArray(value) ? value.length : 0;
  return isMap(field) && typeof value === 'object' && value !== null ? Object.keys(value).length : 0;
}

function mostOf(field: Field): number {
  return (field.type === 'array' && field.maxItems) || MOST_ENTRIES;
}

import type { Field, Form, ListField, RowForm, TableField, TextField } from '../sdk/index.ts';
import { isMap, isTable } from './form-kinds.ts';
import { isOverfull } from './form-size.ts';

/**
 * Turns the strings of a posted HTML form into typed values, ready for {@link FormChecker.check}. Reads the form's own
 * fields only, so a body may carry a CSRF token beside them. A blank text or number is left out (a blank secret thereby
 * keeps the stored one); an unticked switch is `false`, a list without a tick is `[]`. What does not convert stays as it
 * is, for the check to complain about.
 */
export function fromPost(form: Form | RowForm, body: unknown): Record<string, unknown> {
  const posted = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form.properties)) {
    const value = convert(field, gathered(name, field, posted));
    if (value === undefined || (isEmptyList(value) && mayBeAbsent(form, name))) continue;
    values[name] = value;
  }
  return values;
}

function isEmptyList(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}

/** A page cannot say "none given" otherwise, and an empty list would be too short. */
function mayBeAbsent({ properties, required = [] }: Form | RowForm, name: string): boolean {
  const field = properties[name];
  return field?.type === 'array' && field.minItems !== undefined && !required.includes(name);
}

function convert(field: Field, posted: unknown): unknown {
  switch (field.type) {
    case 'boolean':
      return toSwitch(posted);
    case 'array':
      return isTable(field) ? toRows(field, posted) : toList(field as ListField, posted);
    case 'object':
      return toMap(posted);
    case 'string':
      return toText(field, lastOf(posted));
    default:
      return toNumber(lastOf(posted));
  }
}

/**
 * What was posted for a field: under its own name, or of a map as `name[key]` and of a table as `name[0][column]`. Lines
 * in which nothing was filled in are left out, so that what is shown again and what is checked count the same lines.
 */
export function gathered(name: string, field: Field, posted: Readonly<Record<string, unknown>>): unknown {
  if (Object.hasOwn(posted, name)) return posted[name];
  if (!isMap(field) && !isTable(field)) return undefined;
  const inside = Object.entries(posted)
    .filter(([key]) => key.startsWith(`${name}[`) && key.endsWith(']'))
    .map(([key, value]) => [key.slice(name.length + 1, -1), value] as const);
  return isMap(field) ? Object.fromEntries(inside) : rowsOf(field, inside);
}

function rowsOf(field: TableField, inside: readonly (readonly [string, unknown])[]): Record<string, unknown>[] {
  const rows = new Map<number, Record<string, unknown>>();
  for (const [key, value] of inside) {
    const [, at, column = ''] = /^(\d{1,5})\]\[(\w+)$/.exec(key) ?? [];
    if (at !== undefined) rows.set(Number(at), { ...rows.get(Number(at)), [column]: value });
  }
  const inOrder = [...rows].sort(([one], [other]) => one - other).map(([, row]) => row);
  return inOrder.filter((row) => isFilled(field.items, row));
}

/** A page posts texts and nothing else. A switch that stands as the empty line shows it says nothing, unless there are switches only. */
function isFilled({ properties }: RowForm, row: Readonly<Record<string, unknown>>): boolean {
  const typed = Object.keys(properties).filter((column) => properties[column]?.type !== 'boolean');
  const told = typed.length > 0 ? typed : Object.keys(properties);
  return told.some((column) => {
    const text = lastOf(row[column]);
    return typeof text === 'string' && text.trim() !== '';
  });
}

function toMap(posted: unknown): unknown {
  if (!isRecord(posted)) return posted;
  const texts = Object.entries(posted).map(([key, value]) => {
    const text: unknown = lastOf(value);
    return [key, typeof text === 'string' ? text.trim() : text] as const;
  });
  return Object.fromEntries(texts.filter(([, text]) => text !== ''));
}

function toRows(field: TableField, posted: unknown): unknown {
  if (!Array.isArray(posted) || isOverfull(field, posted)) return posted;
  return posted.map((row) => (isRecord(row) ? fromPost(field.items, row) : row));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A checkbox may follow a hidden input of the same name: the last value is the one meant. */
function lastOf(posted: unknown): unknown {
  return Array.isArray(posted) ? posted.at(-1) : posted;
}

function toSwitch(posted: unknown): unknown {
  const value = lastOf(posted);
  if (value === undefined || value === '' || value === 'off' || value === 'false' || value === '0') return false;
  return value === 'on' || value === 'true' || value === '1' ? true : value;
}

function toNumber(posted: unknown): unknown {
  if (typeof posted !== 'string') return posted;
  const text = posted.trim();
  if (text === '') return undefined;
  return Number.isFinite(Number(text)) ? Number(text) : posted;
}

function toText(field: TextField, posted: unknown): unknown {
  if (typeof posted !== 'string') return posted;
  const text = (field['x-multiline'] ? posted.replaceAll('\r\n', '\n') : posted).trim();
  return text === '' ? undefined : text;
}

function toList(field: ListField, posted: unknown): unknown {
  if (posted === undefined) return [];
  if (typeof posted !== 'string' && !Array.isArray(posted)) return posted;
  const offered = field.items.enum !== undefined || field['x-options'] !== undefined;
  const parts: readonly unknown[] = typeof posted === 'string' ? (offered ? [posted] : posted.split(/\r?\n/)) : posted;
  return parts.map((part) => (typeof part === 'string' ? part.trim() : part)).filter((part) => part !== '');
}

import type { Field, Form, ListField, TextField } from '../sdk/index.ts';
import { isList } from './form-kinds.ts';

/**
 * Turns the strings of a posted HTML form into typed values, ready for {@link FormChecker.check}. Reads the form's own
 * fields only, so a body may carry a CSRF token beside them. A blank text or number is left out (a blank secret thereby
 * keeps the stored one); an unticked switch is `false`, a list without a tick is `[]`. What does not convert stays as it
 * is, for the check to complain about.
 */
export function fromPost(form: Form, body: unknown): Record<string, unknown> {
  const posted = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const values: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(form.properties)) {
    const value = convert(field, Object.hasOwn(posted, name) ? posted[name] : undefined);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function convert(field: Field, posted: unknown): unknown {
  switch (field.type) {
    case 'boolean':
      return toSwitch(posted);
    case 'array':
      return isList(field) ? toList(field, posted) : posted;
    case 'object':
      return posted;
    case 'string':
      return toText(field, lastOf(posted));
    default:
      return toNumber(lastOf(posted));
  }
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

import { type Raw, Rejected, text } from 'patchbay';
import { listCustomFields } from './api.ts';
import type { Context } from './manifest.ts';

/** Ids of this provider have about twenty letters and digits. */
const ID = /^[A-Za-z0-9]{17,28}$/;

/** As the provider wants to be written to: it reads `value` but writes `field_value`. */
export interface Written {
  readonly id: string;
  readonly field_value: string;
}

interface Line {
  readonly field: string;
  readonly value: string;
}

/**
 * `field=value` lines, each with the name, the key or the id of its field. The location is asked only where there is no id.
 * @throws Rejected naming the line at fault
 */
export async function customFields(
  ctx: Context,
  lines: readonly string[] | undefined,
  model: 'contact' | 'opportunity',
): Promise<Written[] | undefined> {
  const read = lines?.map(lineOf);
  if (!read || read.every(({ field }) => ID.test(field)))
    return read?.map(({ field, value }) => ({ id: field, field_value: value }));
  const known = await listCustomFields(ctx.http, ctx.account.externalId, model);
  // Who writes names writes spaces as well; what a system writes by ids is kept as it is.
  return read.map(({ field, value }, index) => ({
    id: idOf(field, known, index),
    field_value: ID.test(field) ? value : value.trim(),
  }));
}

function lineOf(line: string, index: number): Line {
  const split = line.indexOf('=');
  const field = line.slice(0, Math.max(split, 0)).trim();
  if (field) return { field, value: line.slice(split + 1) };
  throw fault(index, 'A custom field is written as its name or id, "=", and the value.', 'Write it as field=value.');
}

function idOf(field: string, known: readonly Raw[], index: number): string {
  const meant = known.filter((one) => namesOf(one).includes(field.toLowerCase()));
  const [first, second] = meant.flatMap(({ id }) => text(id) ?? []);
  if (first && !second) return first;
  if (second) {
    throw fault(index, `Several custom fields are called ${field}.`, 'Give the id of the one you mean, or its key.');
  }
  if (ID.test(field)) return field;
  const names = known.flatMap(({ name }) => text(name) ?? []).join(', ');
  throw fault(
    index,
    `LeadConnector has no custom field called ${field}.`,
    names ? `There are: ${names}.` : 'There are no custom fields yet; add them in LeadConnector first.',
  );
}

/** `contact.referred_by` is a key, and so is what stands behind its dot. */
function namesOf({ id, name, fieldKey }: Raw): string[] {
  const key = text(fieldKey);
  return [text(id), text(name), key, key?.split('.').slice(1).join('.')].flatMap((one) =>
    one ? [one.trim().toLowerCase()] : [],
  );
}

function fault(index: number, message: string, step: string): Rejected {
  return new Rejected(`${message} ${step}`, { fields: [{ pointer: `/customFields/${index}`, message: step }] });
}

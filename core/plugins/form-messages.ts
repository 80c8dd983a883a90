import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Field, FieldFault, Form, MapField, RowForm, TableField } from '../sdk/index.ts';
import { isMap, isTable } from './form-kinds.ts';
import { fromPointer } from './locate.ts';

/** Turns one of Ajv's errors into a sentence a person can act on. Values are never repeated: they may be secrets. */
export function fieldFault(form: Form, error: ErrorObject, pointer: string): FieldFault {
  const [name, ...rest] = fromPointer(error.instancePath).map(String);
  const field = name === undefined ? undefined : form.properties[name];
  const place = `${pointer}${error.instancePath}`;
  if (isTable(field) && rest.length > 0) {
    const inRow = rest.length > 1 ? `/${rest[1]}` : '';
    const fault = rowFault(field.items, { ...error, instancePath: inRow });
    return { pointer: `${place}${fault.missing ?? ''}`, message: `${lineOf(field, Number(rest[0]))} ${fault.message}` };
  }
  if (name === undefined || isMap(field)) {
    const known = isMap(field) ? mapFault(field, error) : rowFault(form, error);
    return { pointer: `${place}${known.missing ?? ''}`, message: known.message };
  }
  return { pointer: place, message: sentence(field?.title ?? name, field, { error, inList: rest.length > 0 }) };
}

interface Said {
  readonly message: string;
  /** Of what is not there: goes behind the place of what lacks it. */
  readonly missing?: string;
}

/** What is wrong with an object of fields: the form itself, or one line of a table. */
function rowFault(form: Form | RowForm, error: ErrorObject): Said {
  const { keyword, params, instancePath } = error;
  if (keyword === 'additionalProperties') {
    const name = String(params['additionalProperty']);
    return { missing: pointerTo('', name), message: unknownSentence(form, name) };
  }
  if (keyword === 'required') {
    const name = String(params['missingProperty']);
    return { missing: pointerTo('', name), message: requiredSentence(form, name) };
  }
  const name = instancePath.slice(1);
  const field = form.properties[name];
  return { message: sentence(field?.title ?? 'It', field, { error, inList: false }) };
}

function mapFault(field: MapField, error: ErrorObject): Said {
  if (error.keyword !== 'additionalProperties') {
    const inList = error.instancePath.indexOf('/', 1) > 0;
    return { message: sentence(field.title, field, { error, inList }) };
  }
  const name = String(error.params['additionalProperty']);
  const known = typeof field['x-keys'] === 'string' ? [] : Object.keys(field['x-keys']);
  return { missing: pointerTo('', name), message: `"${cut(name)}" is not one of ${field.title}; there are ${known.join(', ')}.` };
}

/** `Lines, line 3:` */
export function lineOf({ title }: TableField, at: number): string {
  return `${title}, line ${at + 1}:`;
}

export function requiredSentence(form: Form | RowForm, name: string): string {
  return `${form.properties[name]?.title ?? name} is required.`;
}

/** `/fields` and `a/b` make `/fields/a~1b`. */
export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function unknownSentence(form: Form | RowForm, name: string): string {
  const known = Object.keys(form.properties);
  const hint = known.length > 0 ? `; the fields are ${known.join(', ')}.` : '; there are no fields to fill in.';
  return `"${cut(name)}" is not a field here${hint}`;
}

function cut(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list of texts',
  object: 'an object that holds values by name',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  uri: 'a full address such as https://example.com',
  email: 'an e-mail address',
  date: 'a date such as 2026-05-31',
  'date-time': 'a date and a time with its offset, such as 2026-03-14T09:30:00+01:00',
};

function sentence(title: string, field: Field | undefined, at: { error: ErrorObject; inList: boolean }): string {
  const { keyword, params } = at.error;
  const subject = at.inList ? `Each entry of ${title}` : title;
  switch (keyword) {
    case 'type':
      if (isTable(field)) return `${subject} must be a list of lines.`;
      return `${subject} must be ${TYPE_WORDS[String(params['type'])] ?? params['type']}.`;
    case 'enum':
      return `${subject} must be one of ${(params['allowedValues'] as unknown[]).join(', ')}.`;
    case 'pattern':
      return patternSentence(title, field);
    case 'format':
      return `${subject} must be ${FORMAT_WORDS[String(params['format'])] ?? params['format']}.`;
    default:
      return limitSentence(subject, at.error);
  }
}

function patternSentence(title: string, field: Field | undefined): string {
  const said = field?.type === 'string' ? field['x-pattern-message'] : undefined;
  if (!said) return `${title} does not have the expected form.`;
  // "must begin with …" continues the title, a sentence of its own stands as it is.
  return /^[a-z]/.test(said) ? `${title} ${said}` : said;
}

export function manyEntries(subject: string, most: number): string {
  return `${subject} may hold at most ${most} entries.`;
}

function limitSentence(subject: string, { keyword, params, message }: ErrorObject): string {
  const limit = params['limit'];
  switch (keyword) {
    case 'minLength':
      return limit === 1 ? `${subject} is required.` : `${subject} must have at least ${limit} characters.`;
    case 'maxLength':
      return `${subject} must have at most ${limit} characters.`;
    case 'minimum':
      return `${subject} must be ${limit} or more.`;
    case 'maximum':
      return `${subject} must be ${limit} or less.`;
    case 'minItems':
      return `${subject} must hold at least ${limit} ${limit === 1 ? 'entry' : 'entries'}.`;
    case 'maxItems':
      return manyEntries(subject, Number(limit));
    default:
      return `${subject} ${message ?? 'is not valid'}.`;
  }
}

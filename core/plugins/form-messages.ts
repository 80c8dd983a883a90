import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Field, FieldFault, Form } from '../sdk/index.ts';

/** Turns one of Ajv's errors into a sentence a person can act on. Values are never repeated: they may be secrets. */
export function fieldFault(form: Form, error: ErrorObject, pointer: string): FieldFault {
  if (error.keyword === 'additionalProperties') {
    const name = String(error.params['additionalProperty']);
    return { pointer: pointerTo(pointer, name), message: unknownSentence(form, name) };
  }
  if (error.keyword === 'required') {
    const name = String(error.params['missingProperty']);
    return { pointer: pointerTo(pointer, name), message: requiredSentence(form, name) };
  }
  const name = fieldName(error.instancePath);
  const field = form.properties[name];
  const title = field?.title ?? name;
  const inList = error.instancePath.indexOf('/', 1) > 0;
  return { pointer: `${pointer}${error.instancePath}`, message: sentence(title, field, { error, inList }) };
}

export function requiredSentence(form: Form, name: string): string {
  return `${form.properties[name]?.title ?? name} is required.`;
}

/** `/fields` and `a/b` make `/fields/a~1b`. */
export function pointerTo(pointer: string, name: string): string {
  return `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function isBlank(value: unknown): boolean {
  return typeof value === 'string' && value.trim() === '';
}

function fieldName(instancePath: string): string {
  return (instancePath.split('/')[1] ?? '').replaceAll('~1', '/').replaceAll('~0', '~');
}

function unknownSentence(form: Form, name: string): string {
  const known = Object.keys(form.properties);
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  const hint = known.length > 0 ? `; the fields are ${known.join(', ')}.` : '; there are no fields to fill in.';
  return `"${shown}" is not a field here${hint}`;
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list of texts',
};

const FORMAT_WORDS: Readonly<Record<string, string>> = {
  uri: 'a full address such as https://example.com',
  email: 'an e-mail address',
  date: 'a date such as 2026-05-31',
};

function sentence(title: string, field: Field | undefined, at: { error: ErrorObject; inList: boolean }): string {
  const { keyword, params } = at.error;
  const subject = at.inList ? `Each entry of ${title}` : title;
  switch (keyword) {
    case 'type':
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
    case 'maxItems':
      return `${subject} may hold at most ${limit} entries.`;
    default:
      return `${subject} ${message ?? 'is not valid'}.`;
  }
}

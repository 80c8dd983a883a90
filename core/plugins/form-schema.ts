import { closed, flag, type Schema, text, texts } from './schema-parts.ts';

const described = {
  title: text('give the label that stands beside the input'),
  description: text('say in one or two sentences what this is and where to find it', { maxLength: 600 }),
  'x-advanced': flag('folds what is rarely changed'),
};
const choices = { type: 'array', items: { type: 'string', description: 'list the choices as texts' }, minItems: 1 };

const textParts = {
  ...described,
  type: { const: 'string' },
  default: { type: 'string', description: 'give a text' },
  enum: { ...choices, description: 'list the choices as texts' },
  pattern: { type: 'string', format: 'regex', description: 'give a regular expression as a text' },
  minLength: { type: 'integer', minimum: 0, description: 'give a whole number' },
  maxLength: { type: 'integer', minimum: 1, description: 'give a whole number' },
  format: { enum: ['uri', 'email', 'date', 'date-time'], description: 'leave out any other format' },
  'x-options': text('name one of the loaders in `options`'),
  'x-record': text('name one of the streams'),
  'x-end-of': text('name another field of the form'),
  'x-multiline': flag('asks for several lines'),
  'x-placeholder': { type: 'string', description: 'give an example as a text' },
  'x-pattern-message': text('say what the pattern expects: "must begin with pit-"'),
  'x-labels': texts('give words for each choice'),
};
const textField = closed({ ...textParts, 'x-secret': flag('marks a secret') }, ['type', 'title']);
const columnField = closed(textParts, ['type', 'title']);
const limit = { type: 'number', description: 'give a number' };
const numberField = closed(
  {
    ...described,
    type: { enum: ['number', 'integer'] },
    default: limit,
    minimum: limit,
    maximum: limit,
    'x-money': text('name a field and a part: payment.amount'),
  },
  ['type', 'title'],
);
const switchField = closed(
  { ...described, type: { const: 'boolean' }, default: { type: 'boolean', description: 'give true or false' } },
  ['type', 'title'],
);
const items = closed({ type: { const: 'string', description: 'only lists of texts can be shown' }, enum: choices }, ['type']);
const count = { type: 'integer', minimum: 1, description: 'give a whole number' };
const bounds = { minItems: count, maxItems: count };
const listField = closed(
  {
    ...described,
    type: { const: 'array' },
    items: { ...items, description: "write { type: 'string' }, with `enum` where the choices are fixed" },
    default: { type: 'array', items: { type: 'string' }, description: 'give a list of texts' },
    ...bounds,
    'x-options': text('name one of the loaders in `options`'),
    'x-labels': texts('give words for each choice'),
  },
  ['type', 'title', 'items'],
);

const required = { type: 'array', items: { type: 'string' }, uniqueItems: true, description: 'list names of fields' };
const named = (fields: readonly Schema[], description: string): Schema => ({
  type: 'object',
  propertyNames: { pattern: '^[a-z][a-zA-Z0-9]*$' },
  additionalProperties: { type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, oneOf: fields },
  description,
});

const rowForm = closed(
  {
    type: { const: 'object', description: "write 'object'" },
    properties: { ...named([columnField, numberField, switchField], 'list the columns by name'), minProperties: 1 },
    required,
  },
  ['type', 'properties'],
);
const tableField = closed(
  {
    ...described,
    type: { const: 'array' },
    items: rowForm,
    default: {
      type: 'array',
      items: { type: 'object', description: 'give values by column' },
      description: 'give a list of lines',
    },
    ...bounds,
  },
  ['type', 'title', 'items'],
);
const arrayField: Schema = {
  type: 'object',
  properties: { type: { const: 'array' } },
  required: ['type'],
  if: {
    required: ['items'],
    properties: { items: { type: 'object', required: ['type'], properties: { type: { const: 'object' } } } },
  },
  // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema.
  then: tableField,
  else: listField,
};
const mapField = closed(
  {
    ...described,
    type: { const: 'object' },
    'x-keys': {
      type: ['object', 'string'],
      minLength: 1,
      minProperties: 1,
      additionalProperties: text('give a label'),
      description: 'give the names and their labels, or name one of the loaders in `options`',
    },
    'x-options': text('name one of the loaders in `options`'),
    default: texts('give texts by name'),
  },
  ['type', 'title', 'x-keys'],
);

/** A form as authors write it; {@link FormChecker} then proves that it compiles. */
export const FORM_SCHEMA: Schema = {
  ...closed(
    {
      type: { const: 'object', description: "write 'object'" },
      properties: named([textField, numberField, switchField, arrayField, mapField], 'list the fields by name, {} for none'),
      required,
    },
    ['type', 'properties'],
  ),
  description: "write a form: { type: 'object', properties: {} }",
};

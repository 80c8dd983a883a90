import { CATEGORIES } from '../sdk/index.ts';
import { KEYS_SCHEMA, OAUTH_SCHEMA } from './auth-schema.ts';
import { closed, flag, https, type Schema, text, texts } from './schema-parts.ts';

const described = {
  title: text('give the label that stands beside the input'),
  description: text('say in one or two sentences what this is and where to find it', { maxLength: 600 }),
};
const choices = { type: 'array', items: { type: 'string', description: 'list the choices as texts' }, minItems: 1 };

const textField = closed(
  {
    ...described,
    type: { const: 'string' },
    default: { type: 'string', description: 'give a text' },
    enum: { ...choices, description: 'list the choices as texts' },
    pattern: { type: 'string', format: 'regex', description: 'give a regular expression as a text' },
    minLength: { type: 'integer', minimum: 0, description: 'give a whole number' },
    maxLength: { type: 'integer', minimum: 1, description: 'give a whole number' },
    format: { enum: ['uri', 'email', 'date'], description: 'leave out any other format' },
    'x-secret': flag('marks a secret'),
    'x-options': text('name one of the loaders in `options`'),
    'x-multiline': flag('asks for several lines'),
    'x-placeholder': { type: 'string', description: 'give an example as a text' },
    'x-pattern-message': text('say what the pattern expects: "must begin with pit-"'),
    'x-labels': texts('give words for each choice'),
  },
  ['type', 'title'],
);
const limit = { type: 'number', description: 'give a number' };
const numberField = closed(
  { ...described, type: { enum: ['number', 'integer'] }, default: limit, minimum: limit, maximum: limit },
  ['type', 'title'],
);
const switchField = closed(
  { ...described, type: { const: 'boolean' }, default: { type: 'boolean', description: 'give true or false' } },
  ['type', 'title'],
);
const items = closed({ type: { const: 'string', description: 'only lists of texts can be shown' }, enum: choices }, ['type']);
const listField = closed(
  {
    ...described,
    type: { const: 'array' },
    items: { ...items, description: "write { type: 'string' }, with `enum` where the choices are fixed" },
    default: { type: 'array', items: { type: 'string' }, description: 'give a list of texts' },
    maxItems: { type: 'integer', minimum: 1, description: 'give a whole number' },
    'x-options': text('name one of the loaders in `options`'),
    'x-labels': texts('give words for each choice'),
  },
  ['type', 'title', 'items'],
);

/** A form as authors write it; {@link FormChecker} then proves that it compiles. */
export const FORM_SCHEMA: Schema = {
  ...closed(
    {
      type: { const: 'object', description: "write 'object'" },
      properties: {
        type: 'object',
        propertyNames: { pattern: '^[a-z][a-zA-Z0-9]*$' },
        additionalProperties: {
          type: 'object',
          required: ['type'],
          discriminator: { propertyName: 'type' },
          oneOf: [textField, numberField, switchField, listField],
        },
        description: 'list the fields by name, {} for none',
      },
      required: { type: 'array', items: { type: 'string' }, uniqueItems: true, description: 'list names of fields' },
    },
    ['type', 'properties'],
  ),
  description: "write a form: { type: 'object', properties: {} }",
};

const form = { $ref: 'form' };

const card = {
  sdk: { const: 1, description: 'write 1, the version of the contract this hub speaks' },
  name: text('give the name on the card', { maxLength: 60 }),
  summary: text('say in one sentence what a store gets', { maxLength: 200 }),
  category: { enum: CATEGORIES, description: 'choose where the card stands' },
  docs: https("give the https address of the provider's API documentation"),
};

const whiteLabel: Schema = {
  ...closed(
    {
      never: {
        type: 'array',
        minItems: 1,
        items: text('give a word that must not be shown', { minLength: 2 }),
        description: 'list the words that must not be shown',
      },
    },
    ['never'],
  ),
  description: "write { never: ['Word'] }",
};

export const COMING_SOON_SCHEMA: Schema = closed({ ...card, whiteLabel, comingSoon: { const: true } }, [
  'sdk',
  'name',
  'summary',
  'category',
  'docs',
  'comingSoon',
]);

export const MANIFEST_SCHEMA: Schema = closed(
  {
    ...card,
    comingSoon: flag('marks a card without a plugin behind it'),
    apiVersion: text("give the provider's API version as it writes it"),
    baseUrl: https('give the https address relative paths start from'),
    hosts: {
      type: 'array',
      items: {
        type: 'string',
        pattern: '^(\\*\\.)?[a-z0-9-]+(\\.[a-z0-9-]+)+$',
        description: 'give a host name such as api.example.com or *.example.com',
      },
      description: 'list further hosts the plugin may call',
    },
    headers: texts('give header texts by name'),
    rate: {
      ...closed(
        {
          requests: { type: 'number', exclusiveMinimum: 0, description: 'give a number' },
          seconds: { type: 'number', exclusiveMinimum: 0, description: 'give a number' },
          concurrent: { type: 'integer', minimum: 1, description: 'give a whole number' },
        },
        ['requests', 'seconds'],
      ),
      description: 'write { requests, seconds }',
    },
    whiteLabel,
    auth: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        required: ['method'],
        discriminator: { propertyName: 'method' },
        oneOf: [OAUTH_SCHEMA, KEYS_SCHEMA],
      },
      description: 'list at least one way to connect',
    },
    config: form,
    app: form,
  },
  ['sdk', 'name', 'summary', 'category', 'docs', 'apiVersion', 'baseUrl', 'auth', 'config'],
);

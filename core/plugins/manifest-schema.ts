import { CATEGORIES } from '../sdk/index.ts';
import { KEYS_SCHEMA, OAUTH_SCHEMA } from './auth-schema.ts';
import { closed, flag, https, type Schema, text, texts } from './schema-parts.ts';

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

const translations: Schema = {
  type: 'object',
  propertyNames: { pattern: '^[a-z]{2,3}(-[A-Za-z0-9]+)*$' },
  additionalProperties: texts('give the text in this language by the English one'),
  description: "write { de: { 'English text': 'translation' } }",
};

const sentences: Schema = {
  ...translations,
  additionalProperties: texts('give the sentence in this language by the English one'),
  description: "write { de: { 'Connected to {account}.': 'Verbunden mit {account}.' } }",
};

export const COMING_SOON_SCHEMA: Schema = closed({ ...card, whiteLabel, texts: translations, comingSoon: { const: true } }, [
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
    configVersion: { type: 'integer', minimum: 1, description: 'give a whole number from 1' },
    whiteLabel,
    texts: translations,
    sentences,
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

import type { Form } from 'patchbay';

/** Official Ed25519 key of the provider's webhooks. */
const WEBHOOK_PUBLIC_KEY = 'MCowBQYDK2VwAyEAi2HR1srL4o18O8BRa7gVJY7G7bupbN3H9AwJrHCDiOg=';
/** Official RSA key of the signature that came before, announced to end on 2026-09-01. */
const LEGACY_RSA_KEY =
  'MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAokvo/r9tVgcfZ5DysOSCFrm602qYV0MaAiNnX9O8KxMbiyRKWeL9JpCpVpt4XHIcBOK4u3cLSqJGOLaPuXw6dO0t6Q/ZVdAV5Phz+ZtzPL16iCGeK9po6D6JHBpbi989mmzMryUnQJezlYJ3DVfBcsedpinheNnyYeFXolrJvcsjDtfAeRx5ByHQmTnSdFUzuAnC9/GepgLT9SM4nCpvuxmZMxrJt5Rw+VUaQ9B8JSvbMPpez4peKaJPZHBbU3OdeCVx5klVXXZQGNHOs8gF3kvoV5rTnXV0IknLBXlcKKAQLZcY/Q9rG6Ifi9c+5vqlvHPCUJFT5XUGG5RKgOKUJ062fRtN+rLYZUV+BjafxQauvC8wSWeYja63VSUruvmNj8xkx2zE/Juc+yjLjTXpIocmaiFeAO6fUtNjDeFVkhf5LNb59vECyrHD2SQIrhgXpO4Q3dVNA5rw576PwTzNh/AMfHKIjE4xQA1SZuYJmNnmVZLIZBlQAF9Ntd03rfadZ+yDiOXCCs9FkHibELhCHULgCsnuDJHcrGNd5/Ddm5hxGQ0ASitgHeMZ0kcIOwKDOzOU53lDza6/Y09T7sYJPQe7z0cvj7aE4B+Ax1ZoZGPzpJlZtGXCsu9aTEGEnKzmsFqwcSsnw3JB31IGKAykT1hhTiaCeIY/OwwwNUY2yvcCAwEAAQ==';

export const keyFields = {
  type: 'object',
  properties: {
    token: {
      type: 'string',
      title: 'Private integration token',
      description: 'Settings > Other Settings > Private Integrations, in the location. Shown once when you create it.',
      pattern: '^pit-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
      'x-pattern-message': 'A private integration token is "pit-" and 36 letters and digits in five groups; copy all of it.',
      'x-placeholder': 'pit-xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx',
      'x-secret': true,
    },
    locationId: {
      type: 'string',
      title: 'Location ID',
      description: 'Settings > Business Profile, in the location.',
      pattern: '^[A-Za-z0-9]{17,28}$',
      'x-pattern-message': 'A Location ID is about 20 letters and digits, without spaces or dashes.',
      'x-placeholder': 've9EPM428h8vShlRW1KT',
    },
  },
  required: ['token', 'locationId'],
} as const satisfies Form;

export const configForm = {
  type: 'object',
  properties: {
    streams: {
      type: 'array',
      title: 'What to sync',
      description: 'Messages come in as they are sent. Everything else is copied by each sync and kept up to date in between.',
      items: { type: 'string', enum: ['contacts', 'calendars', 'appointments', 'opportunities', 'pipelines', 'messages'] },
      'x-labels': {
        contacts: 'Contacts',
        calendars: 'Calendars',
        appointments: 'Appointments',
        opportunities: 'Opportunities',
        pipelines: 'Pipelines',
        messages: 'Messages, as they come in',
      },
      default: ['contacts', 'calendars', 'appointments', 'opportunities', 'pipelines', 'messages'],
    },
    calendarIds: {
      type: 'array',
      title: 'Calendars',
      description: 'Appointments of these calendars only. None chosen means all.',
      items: { type: 'string' },
      'x-options': 'calendars',
      default: [],
    },
    pipelineId: {
      type: 'string',
      title: 'Default pipeline',
      description: 'New opportunities go here unless told otherwise.',
      'x-options': 'pipelines',
    },
    contactTags: {
      type: 'array',
      title: 'Tags for new contacts',
      'x-advanced': true,
      description: 'Added to every contact created from here, next to the tags it is given.',
      items: { type: 'string' },
      'x-options': 'tags',
      maxItems: 20,
      default: [],
    },
    direction: {
      type: 'string',
      title: 'Direction',
      'x-advanced': true,
      description: 'Which way data may travel over this connection.',
      enum: ['both', 'in', 'out'],
      'x-labels': {
        both: 'Both ways',
        in: 'From LeadConnector only: nothing is changed there',
        out: 'To LeadConnector only: nothing is copied from there',
      },
      default: 'both',
    },
  },
} as const satisfies Form;

export const appForm = {
  type: 'object',
  properties: {
    clientId: {
      type: 'string',
      title: 'Client ID',
      description: 'Of your marketplace app: My Apps > the app > Advanced settings > Auth > Client keys.',
      minLength: 1,
    },
    clientSecret: {
      type: 'string',
      title: 'Client secret',
      description: 'Shown once when the client key is made.',
      minLength: 1,
      'x-secret': true,
    },
    webhookPublicKey: {
      type: 'string',
      title: 'Webhook public key',
      description: 'Ed25519 key the webhooks are signed with. Leave the provider’s own unless it announces another.',
      default: WEBHOOK_PUBLIC_KEY,
    },
    legacyRsa: {
      type: 'boolean',
      title: 'Accept the old webhook signature',
      description: 'Also accept calls that carry the old RSA signature alone. The provider has announced its end.',
      default: false,
    },
    legacyRsaKey: {
      type: 'string',
      title: 'Old webhook public key',
      description: 'RSA key for the old signature; used only while it is accepted.',
      'x-multiline': true,
      default: LEGACY_RSA_KEY,
    },
  },
  required: ['clientId', 'clientSecret'],
} as const satisfies Form;

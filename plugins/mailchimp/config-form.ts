import type { Form } from 'patchbay';

/** What a store knows of a person, and what it is called in the settings. */
export const STORE_FIELDS = {
  firstName: 'First name',
  lastName: 'Last name',
  phone: 'Phone',
  company: 'Company',
  birthday: 'Birthday',
  address: 'Address',
} as const;

export const WEBHOOK_EVENTS = ['subscribe', 'unsubscribe', 'profile', 'upemail', 'cleaned', 'campaign'] as const;

const reading = {
  audienceId: {
    type: 'string',
    title: 'Audience',
    description: 'The audience this store writes to and hears from. Until one is chosen, contacts of all audiences are read.',
    'x-options': 'audiences',
  },
  streams: {
    type: 'array',
    title: 'What to sync',
    description: 'Read by each sync; contacts, campaigns and reports are also kept up to date in between.',
    items: { type: 'string', enum: ['audiences', 'members', 'tags', 'mergeFields', 'campaigns', 'reports'] },
    'x-labels': {
      audiences: 'Audiences',
      members: 'Contacts',
      tags: 'Tags',
      mergeFields: 'Audience fields',
      campaigns: 'Campaigns',
      reports: 'Campaign reports',
    },
    default: ['audiences', 'members', 'tags', 'mergeFields', 'campaigns', 'reports'],
  },
  webhookEvents: {
    type: 'array',
    title: 'Reported at once',
    'x-advanced': true,
    description: 'What Mailchimp tells this store as it happens in the audience. Everything else comes with the next sync.',
    items: { type: 'string', enum: WEBHOOK_EVENTS },
    'x-labels': {
      subscribe: 'Somebody subscribes',
      unsubscribe: 'Somebody unsubscribes or is removed',
      profile: 'A profile changes',
      upemail: 'An email address changes',
      cleaned: 'An address is cleaned (it bounces)',
      campaign: 'A campaign is sent or cancelled',
    },
    default: WEBHOOK_EVENTS,
  },
  reportingDays: {
    type: 'integer',
    title: 'Reporting window in days',
    'x-advanced': true,
    description:
      'Each sync reads the campaigns and reports of so many days again, as figures go on changing. Older ones are kept.',
    minimum: 1,
    maximum: 3650,
    default: 365,
  },
} as const;

const writing = {
  fieldMap: {
    type: 'object',
    title: 'Fields',
    description: 'Which field of the audience holds what this store knows of a person. Empty: it is neither written nor read.',
    'x-keys': STORE_FIELDS,
    'x-options': 'mergeFields',
    default: { firstName: 'FNAME', lastName: 'LNAME', phone: 'PHONE', address: 'ADDRESS' },
  },
  skipRequired: {
    type: 'boolean',
    title: 'Write contacts without required fields',
    'x-advanced': true,
    description: 'The audience may require fields that this store does not always know. On: the contact is written all the same.',
    default: false,
  },
  defaultTags: {
    type: 'array',
    title: 'Tags for every contact',
    description: 'Given to each contact added or updated from here, next to the tags it is told.',
    items: { type: 'string' },
    'x-options': 'tags',
    maxItems: 20,
    default: [],
  },
  tagMap: {
    type: 'array',
    title: 'Tags under another name',
    'x-advanced': true,
    description: 'Where a tag of this store is called differently in Mailchimp. Tags not named here keep their name.',
    items: {
      type: 'object',
      properties: {
        store: { type: 'string', title: 'Tag in this store', minLength: 1, maxLength: 100 },
        mailchimp: { type: 'string', title: 'Tag in Mailchimp', minLength: 1, maxLength: 100 },
      },
      required: ['store', 'mailchimp'],
    },
    maxItems: 100,
    default: [],
  },
} as const;

const consent = {
  optIn: {
    type: 'string',
    title: 'Opt-in of new contacts',
    description: 'How somebody who agreed to your newsletter is added. Somebody who is there already keeps the status they have.',
    enum: ['audience', 'double', 'single'],
    'x-labels': {
      audience: 'As the audience is set up in Mailchimp',
      double: 'Double: Mailchimp sends a mail to confirm',
      single: 'Single: subscribed at once',
    },
    default: 'audience',
  },
  addTransactional: {
    type: 'boolean',
    title: 'Add people who have not opted in',
    'x-advanced': true,
    description: 'As transactional contacts: they get receipts, no marketing. Off: only contacts that exist are updated.',
    default: false,
  },
  automations: {
    type: 'string',
    title: 'Automations',
    'x-advanced': true,
    description: 'Whether tags and events sent from here may start automations (customer journeys) in Mailchimp.',
    enum: ['all', 'chosen', 'none'],
    'x-labels': {
      all: 'All tags and events may start them',
      chosen: 'Only the tags and events named below',
      none: 'None: what is sent counts as a sync',
    },
    default: 'all',
  },
  automationTags: {
    type: 'array',
    title: 'Tags that start automations',
    'x-advanced': true,
    description: 'Used when only chosen ones may.',
    items: { type: 'string' },
    'x-options': 'tags',
    maxItems: 50,
    default: [],
  },
  automationEvents: {
    type: 'array',
    title: 'Events that start automations',
    'x-advanced': true,
    description: 'Used when only chosen ones may: one name on each line, such as order_placed.',
    items: { type: 'string' },
    maxItems: 50,
    default: [],
  },
} as const;

/** The settings of one connection. */
export const configForm = {
  type: 'object',
  properties: { ...reading, ...writing, ...consent },
} as const satisfies Form;

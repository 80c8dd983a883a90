import type { Form } from 'patchbay';
import { DURATION_WORDS, DURATIONS } from './durations.ts';
import { API_SECRET, MEASUREMENT_ID } from './forms.ts';

const KEEPING = ['keep', ...DURATIONS] as const;
const KEEPING_WORDS = { keep: 'As it is in Google Analytics', ...DURATION_WORDS };
const CONSENTS = ['unset', 'GRANTED', 'DENIED'] as const;
const CONSENT_WORDS = { unset: 'Say nothing: the tag on your website decides', GRANTED: 'Granted', DENIED: 'Denied' } as const;

const reading = {
  propertyId: {
    type: 'string',
    title: 'Property',
    description: 'Whose reports are read. Not needed when your Google account sees one property only.',
    pattern: '^\\d{6,12}$',
    'x-pattern-message': 'is a number of 6 to 12 digits (Admin > Property details), not the measurement ID.',
    'x-options': 'properties',
  },
  streams: {
    type: 'array',
    title: 'What to sync',
    description: 'Reports are copied day by day.',
    items: {
      type: 'string',
      enum: [
        'properties',
        'settings',
        'dataStreams',
        'keyEvents',
        'traffic',
        'landingPages',
        'conversions',
        'items',
        'transactions',
      ],
    },
    'x-labels': {
      properties: 'Properties',
      settings: 'Settings of the property',
      dataStreams: 'Data streams',
      keyEvents: 'Key events',
      traffic: 'Traffic by source, medium and campaign',
      landingPages: 'Landing pages',
      conversions: 'Conversions: key events by source',
      items: 'Items viewed and sold',
      transactions: 'Transactions, to compare with your orders',
    },
    default: [
      'properties',
      'settings',
      'dataStreams',
      'keyEvents',
      'traffic',
      'landingPages',
      'conversions',
      'items',
      'transactions',
    ],
  },
  keyEvents: {
    type: 'array',
    title: 'Key events',
    description: 'Conversions are read for these. None chosen means all key events of the property.',
    items: { type: 'string' },
    'x-options': 'keyEvents',
    maxItems: 50,
    default: [],
  },
  reportLookbackDays: {
    type: 'integer',
    title: 'Days to read again',
    'x-advanced': true,
    description: 'Google goes on working at its figures for some days. Each sync reads this many days again.',
    minimum: 1,
    maximum: 30,
    default: 7,
  },
  reportHistoryDays: {
    type: 'integer',
    title: 'Days of history',
    'x-advanced': true,
    description: 'How far back the first sync of a property goes.',
    minimum: 7,
    maximum: 730,
    default: 90,
  },
  currency: {
    type: 'string',
    title: 'Currency of reports',
    'x-advanced': true,
    description: 'Three letters, such as EUR. Empty: the currency of the property.',
    pattern: '^([A-Z]{3})?$',
    'x-pattern-message': 'is three capital letters, such as EUR.',
    'x-placeholder': 'USD',
  },
} as const satisfies Form['properties'];

const sending = {
  measurementId: {
    type: 'string',
    title: 'Data stream for events',
    description: 'Where events go. Not needed with keys, nor when the property has one website only.',
    pattern: MEASUREMENT_ID,
    'x-pattern-message': 'begins with "G-", followed by 6 to 12 capital letters and digits.',
    'x-options': 'measurementIds',
  },
  apiSecret: {
    type: 'string',
    title: 'API secret for events',
    'x-advanced': true,
    description: 'Only to use another secret than the first one of the data stream. Not needed with keys.',
    pattern: API_SECRET,
    'x-pattern-message': 'is about 22 letters, digits, dashes and underscores.',
    'x-secret': true,
  },
  events: {
    type: 'array',
    title: 'Event tracking',
    description: 'Which events may be sent. Others are refused, so that nothing is counted twice by mistake.',
    items: {
      type: 'string',
      enum: ['purchase', 'refund', 'add_to_cart', 'begin_checkout', 'view_item', 'generate_lead', 'sign_up', 'login', 'other'],
    },
    'x-labels': {
      purchase: 'Purchases',
      refund: 'Refunds',
      add_to_cart: 'Additions to the cart',
      begin_checkout: 'Begun checkouts',
      view_item: 'Items viewed',
      generate_lead: 'Leads',
      sign_up: 'Registrations',
      login: 'Logins',
      other: 'Any other event',
    },
    default: ['purchase', 'refund', 'add_to_cart', 'begin_checkout', 'view_item', 'generate_lead', 'sign_up', 'login', 'other'],
  },
  endpointRegion: {
    type: 'string',
    title: 'Where events are collected',
    'x-advanced': true,
    description: 'Choose the European Union when your consent texts promise that data is collected there.',
    enum: ['global', 'eu'],
    'x-labels': { global: 'Anywhere', eu: 'European Union' },
    default: 'global',
  },
  adUserData: {
    type: 'string',
    title: 'Consent: user data for advertising',
    'x-advanced': true,
    description: 'Sent with events that do not say it themselves.',
    enum: CONSENTS,
    'x-labels': CONSENT_WORDS,
    default: 'unset',
  },
  adPersonalization: {
    type: 'string',
    title: 'Consent: audiences and personalised ads',
    'x-advanced': true,
    description: 'Denied keeps those who sent an event out of audiences for advertising.',
    enum: CONSENTS,
    'x-labels': CONSENT_WORDS,
    default: 'unset',
  },
  sendUserData: {
    type: 'boolean',
    title: 'Send hashed user data',
    'x-advanced': true,
    description:
      'E-mail address, phone and name as fingerprints (SHA-256), so that Google recognises its users. Switch it on in Google Analytics first: Admin > Data collection > User-provided data.',
    default: false,
  },
} as const satisfies Form['properties'];

const retention = {
  eventDataRetention: {
    type: 'string',
    title: 'Keep event data for',
    'x-advanced': true,
    description:
      'Your preference. Syncs tell when Google Analytics differs; "Change data retention" sets it there. More than 14 months need Analytics 360.',
    enum: KEEPING,
    'x-labels': KEEPING_WORDS,
    default: 'keep',
  },
  userDataRetention: {
    type: 'string',
    title: 'Keep user data for',
    'x-advanced': true,
    description: 'Your preference, as above, for data that belongs to a user.',
    enum: KEEPING,
    'x-labels': KEEPING_WORDS,
    default: 'keep',
  },
} as const satisfies Form['properties'];

export const configForm = {
  type: 'object',
  properties: { ...reading, ...sending, ...retention },
} as const satisfies Form;

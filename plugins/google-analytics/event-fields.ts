import type { Form } from 'patchbay';

const CONSENTS = ['GRANTED', 'DENIED'] as const;

const clientId = {
  type: 'string',
  title: 'Visitor (client ID)',
  description:
    'From the cookie _ga of the visitor’s browser: GA1.1.1234567890.1700000000, or its last two numbers. Keep it with the order.',
  minLength: 1,
  maxLength: 200,
} as const;
const userId = {
  type: 'string',
  title: 'User ID',
  description: 'Your own number of a signed-in customer. Never an e-mail address or a name.',
  maxLength: 256,
} as const;
const sessionId = {
  type: 'string',
  title: 'Session',
  description:
    'From the cookie _ga_… of your data stream, whole or its number. Without it Google cannot tell where the visit came from.',
  maxLength: 200,
} as const;
const happenedAt = {
  type: 'string',
  title: 'When it happened',
  description: 'At most 72 hours ago; empty: now.',
  format: 'date-time',
} as const;

type Folded<P> = { readonly [K in keyof P]: P[K] & { readonly 'x-advanced': true } };

/** What most leave as it is. */
export function folded<const P extends Form['properties']>(properties: P): Folded<P> {
  const marked = Object.entries(properties).map(([name, field]) => [name, { ...field, 'x-advanced': true }]);
  return Object.fromEntries(marked) as Folded<P>;
}

/** Whose event it is, and when. */
export const visitor = { clientId, userId, sessionId, happenedAt } as const satisfies Form['properties'];

export const checkOnly = {
  type: 'boolean',
  title: 'Only check',
  description: 'Ask Google’s validation server what is wrong with it. Nothing is recorded.',
  default: false,
} as const;

export const consent = {
  adUserData: {
    type: 'string',
    title: 'Consent: user data for advertising',
    description: 'Empty: as in the settings.',
    enum: CONSENTS,
    'x-labels': { GRANTED: 'Granted', DENIED: 'Denied' },
  },
  adPersonalization: {
    type: 'string',
    title: 'Consent: audiences and personalised ads',
    description: 'Empty: as in the settings.',
    enum: CONSENTS,
    'x-labels': { GRANTED: 'Granted', DENIED: 'Denied' },
  },
} as const satisfies Form['properties'];

/** Who it is, in fingerprints; nothing of it leaves in the clear but the place. */
export const person = {
  email: { type: 'string', title: 'Email', description: 'Sent as a fingerprint, where the settings allow it.', maxLength: 320 },
  phone: {
    type: 'string',
    title: 'Phone',
    description: 'With country code: +15551234567. Sent as a fingerprint.',
    maxLength: 40,
  },
  firstName: { type: 'string', title: 'First name', description: 'Sent as a fingerprint.', maxLength: 100 },
  lastName: { type: 'string', title: 'Last name', description: 'Sent as a fingerprint.', maxLength: 100 },
  street: { type: 'string', title: 'Street and number', description: 'Sent as a fingerprint.', maxLength: 300 },
  city: { type: 'string', title: 'City', description: 'Sent with the name only.', maxLength: 100 },
  region: { type: 'string', title: 'State or region', description: 'Sent with the name only.', maxLength: 100 },
  postalCode: { type: 'string', title: 'Postal code', description: 'Sent with the name only.', maxLength: 20 },
  country: {
    type: 'string',
    title: 'Country',
    description: 'Two letters: US.',
    pattern: '^[A-Z]{2}$',
    'x-pattern-message': 'is two capital letters, such as US.',
  },
} as const satisfies Form['properties'];

export const currency = {
  type: 'string',
  title: 'Currency',
  description: 'Three letters, such as EUR. Needed wherever there is an amount.',
  pattern: '^[A-Z]{3}$',
  'x-pattern-message': 'is three capital letters, such as EUR.',
} as const;

export const value = { type: 'number', title: 'Amount', description: 'In whole units and their parts: 59.90.' } as const;

export const transactionId = {
  type: 'string',
  title: 'Order number',
  description: 'The same as in the tag on your website: Google counts each order number once.',
  minLength: 1,
  maxLength: 100,
} as const;

/** The lines of an order. */
export const items = {
  type: 'array',
  title: 'Items',
  description: 'Each with its number or its name.',
  maxItems: 200,
  items: {
    type: 'object',
    properties: {
      id: { type: 'string', title: 'Item number (SKU)', maxLength: 100 },
      name: { type: 'string', title: 'Name', maxLength: 100 },
      brand: { type: 'string', title: 'Brand', maxLength: 100 },
      category: { type: 'string', title: 'Category', maxLength: 100 },
      variant: { type: 'string', title: 'Variant', maxLength: 100 },
      price: { type: 'number', title: 'Price of one', minimum: 0 },
      quantity: { type: 'integer', title: 'Quantity', minimum: 1 },
      discount: { type: 'number', title: 'Discount on one', minimum: 0 },
      coupon: { type: 'string', title: 'Coupon', maxLength: 100 },
    },
  },
} as const;

/** Inputs several actions share. */

export const anyEmail = {
  type: 'string',
  title: 'Email address',
  description: 'Of the contact. Capitals do not matter.',
  format: 'email',
  maxLength: 254,
} as const;

export const email = { ...anyEmail, 'x-record': 'members.email' } as const;

export const anyAudience = {
  type: 'string',
  title: 'Audience',
  description: 'Empty: the audience of the settings.',
  'x-options': 'audiences',
} as const;

/** Of the contact, where that is known. */
export const audienceId = { ...anyAudience, 'x-record': 'members.listId' } as const;

export const tags = {
  type: 'array',
  title: 'Tags',
  description: 'By name. One that does not exist yet is made.',
  items: { type: 'string' },
  'x-options': 'tags',
  maxItems: 50,
} as const;

export const person = {
  firstName: { type: 'string', title: 'First name', description: 'Goes where the settings say.', maxLength: 255 },
  lastName: { type: 'string', title: 'Last name', description: 'Goes where the settings say.', maxLength: 255 },
  phone: { type: 'string', title: 'Phone', description: 'Goes where the settings say.', maxLength: 50 },
  company: { type: 'string', title: 'Company', description: 'Goes where the settings say.', maxLength: 255 },
} as const;

export const consent = {
  type: 'string',
  title: 'Consent',
  description: 'What this person did. It decides how they are added; who is there already keeps the status they have.',
  enum: ['opted-in', 'not-asked'],
  'x-labels': { 'opted-in': 'Agreed to get the newsletter', 'not-asked': 'Has not agreed (a customer, say)' },
  default: 'not-asked',
} as const;

import { action, type Form, filled, type Raw } from 'patchbay';
import { inner, readContact } from './api.ts';
import { customFields } from './custom-fields.ts';
import type { Context } from './manifest.ts';
import { contactItem } from './records.ts';
import { copied, idIn, writing } from './writing.ts';

const contactId = { type: 'string', title: 'Contact ID', minLength: 1, maxLength: 64, 'x-record': 'contacts' } as const;
const tagList = { type: 'array', title: 'Tags', items: { type: 'string' }, 'x-options': 'tags', maxItems: 50 } as const;

/** What every way to write a contact takes; updates take no company name. */
const details = {
  firstName: { type: 'string', title: 'First name', maxLength: 200 },
  lastName: { type: 'string', title: 'Last name', maxLength: 200 },
  email: { type: 'string', title: 'Email', format: 'email' },
  phone: { type: 'string', title: 'Phone', description: 'With country code: +15551234567.', maxLength: 40 },
  address1: { type: 'string', title: 'Street', maxLength: 300 },
  city: { type: 'string', title: 'City', maxLength: 200 },
  state: { type: 'string', title: 'State', maxLength: 200 },
  postalCode: { type: 'string', title: 'Postal code', maxLength: 40 },
  country: {
    type: 'string',
    title: 'Country',
    description: 'Two letters: US.',
    pattern: '^[A-Z]{2}$',
    'x-pattern-message': 'Two capital letters, such as US.',
  },
  website: { type: 'string', title: 'Website', format: 'uri' },
  timezone: { type: 'string', title: 'Time zone', description: 'Such as America/Chicago.', maxLength: 60 },
  source: { type: 'string', title: 'Source', description: 'Where the contact came from.', maxLength: 200 },
  assignedTo: { type: 'string', title: 'Assigned to', 'x-options': 'users' },
  dnd: { type: 'boolean', title: 'Do not disturb' },
  customFields: {
    type: 'array',
    title: 'Custom fields',
    description: 'One per line: the field’s name or id, =, and the value.',
    items: { type: 'string' },
    maxItems: 100,
  },
} as const satisfies Form['properties'];

const company = { type: 'string', title: 'Company', maxLength: 200 } as const;
const overwrites = {
  ...tagList,
  description: 'Replaces all tags the contact has. Leave it empty to keep them, or use "Add tags to a contact".',
} as const;

/** What an update can change. */
export const contactFields: readonly string[] = [...Object.keys(details), 'tags'];

/** The body of a write. Empty tags are left out: sent, they would remove every tag the contact has. */
async function body(ctx: Context, input: Readonly<Record<string, unknown>>): Promise<Raw> {
  const { customFields: lines, tags, contactId: _, ...rest } = input;
  const fields = await customFields(ctx, lines as readonly string[] | undefined, 'contact');
  return {
    ...filled(rest),
    ...(Array.isArray(tags) && tags.length > 0 && { tags }),
    ...(fields?.length && { customFields: fields }),
  };
}

function copyOf(ctx: Context, id: string) {
  return copied(ctx, 'contacts', async () => contactItem(await readContact(ctx.http, id)));
}

function path(id: string): string {
  return `/contacts/${encodeURIComponent(id)}`;
}

const get = action({
  title: 'Look up a contact',
  description: 'Reads one contact as it is now.',
  input: { type: 'object', properties: { contactId }, required: ['contactId'] },
  async run(ctx: Context, input) {
    const contact = await readContact(ctx.http, input.contactId);
    const item = contactItem(contact);
    return { data: { contact }, effects: item ? [{ kind: 'records', stream: 'contacts', items: [item] }] : [] };
  },
});

const create = action({
  title: 'Create a contact',
  description: 'Refused when a contact with this email or phone exists and the location forbids duplicates.',
  input: { type: 'object', properties: { ...details, companyName: company, tags: tagList } },
  async run(ctx: Context, input) {
    const tags = [...new Set([...(input.tags ?? []), ...(ctx.config.contactTags ?? [])])];
    const json = { ...(await body(ctx, { ...input, tags })), locationId: ctx.account.externalId };
    const contact = inner((await ctx.http.post('/contacts/', { json })).data, 'contact');
    return { data: { contact }, effects: await copyOf(ctx, idIn(contact)) };
  },
});

const update = action({
  title: 'Update a contact',
  description: 'Changes the fields you fill in and leaves the others.',
  input: { type: 'object', properties: { contactId, ...details, tags: overwrites }, required: ['contactId'] },
  async run(ctx: Context, input) {
    const reply = await ctx.http.put(path(input.contactId), { json: await body(ctx, input) });
    return { data: { contact: inner(reply.data, 'contact') }, effects: await copyOf(ctx, input.contactId) };
  },
});

const upsert = action({
  title: 'Create or update a contact',
  description:
    'Finds the contact by email or phone, as the location’s rule for duplicates says, and creates it if there is none.',
  input: { type: 'object', properties: { ...details, companyName: company, tags: overwrites } },
  async run(ctx: Context, input) {
    const json = { ...(await body(ctx, input)), locationId: ctx.account.externalId };
    // Who has neither is found by nothing: sent again, it would be a second contact.
    const idempotent = Boolean(input.email || input.phone);
    const reply = await ctx.http.post<Raw>('/contacts/upsert', { json, idempotent });
    const contact = inner(reply.data, 'contact');
    const id = idIn(contact);
    const created = reply.data?.['new'] === true;
    const tags = created ? (ctx.config.contactTags ?? []) : [];
    if (tags.length > 0) await ctx.http.post(`${path(id)}/tags`, { json: { tags }, idempotent: true });
    return { data: { contact, created }, effects: await copyOf(ctx, id) };
  },
});

const tagInput = {
  type: 'object',
  properties: { contactId, tags: tagList },
  required: ['contactId', 'tags'],
} as const satisfies Form;

const addTags = action({
  title: 'Add tags to a contact',
  description: 'Adds tags to a contact; the others stay.',
  input: tagInput,
  async run(ctx: Context, input) {
    const json = { tags: input.tags };
    const reply = await ctx.http.post<Raw>(`${path(input.contactId)}/tags`, { json, idempotent: true });
    return { data: { tags: reply.data?.['tags'] ?? [] }, effects: await copyOf(ctx, input.contactId) };
  },
});

const removeTags = action({
  title: 'Remove tags from a contact',
  description: 'Takes tags off a contact; the others stay.',
  input: tagInput,
  async run(ctx: Context, input) {
    const reply = await ctx.http.delete<Raw>(`${path(input.contactId)}/tags`, { json: { tags: input.tags } });
    return { data: { tags: reply.data?.['tags'] ?? [] }, effects: await copyOf(ctx, input.contactId) };
  },
});

export const contactActions = {
  getContact: get,
  ...writing({ createContact: create, updateContact: update, upsertContact: upsert, addTags, removeTags }),
};

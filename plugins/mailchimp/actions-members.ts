import { action, hubError, Rejected, type Values } from 'patchbay';
import { audienceId, consent, email, person, tags } from './action-fields.ts';
import { memberHash, memberPath, readMember } from './api.ts';
import { audienceOf } from './audiences.ts';
import type { Context } from './manifest.ts';
import { mergeFields, statusIfNew, validation } from './member-body.ts';
import { memberItem } from './records.ts';
import { namesOf, setTags } from './tagging.ts';
import { readBack } from './written.ts';

const addressField = (title: string) =>
  ({ type: 'string', title, description: 'Part of the postal address.', maxLength: 255, 'x-advanced': true }) as const;

const saveInput = {
  type: 'object',
  properties: {
    email,
    consent,
    ...person,
    birthday: {
      type: 'string',
      title: 'Birthday',
      description: 'Month and day, such as 03/14.',
      pattern: '^(0[1-9]|1[0-2])/(0[1-9]|[12][0-9]|3[01])$',
      'x-pattern-message': 'must be written as MM/DD',
      'x-placeholder': '03/14',
    },
    line1: addressField('Street'),
    line2: addressField('Street, second line'),
    city: addressField('City'),
    state: addressField('State or province'),
    postalCode: addressField('Postal code'),
    country: addressField('Country'),
    mergeFields: {
      type: 'object',
      title: 'Further fields',
      description: 'Values for fields of the audience.',
      'x-keys': 'mergeFields',
    },
    tags: { ...tags, description: 'Added to the tags the contact has, together with those of the settings.' },
    interests: {
      type: 'array',
      title: 'Interests',
      description: 'Groups the contact joins; others stay as they are.',
      items: { type: 'string' },
      'x-options': 'interests',
      maxItems: 60,
    },
    language: { type: 'string', title: 'Language', description: 'Code such as en or de.', maxLength: 10, 'x-advanced': true },
    vip: { type: 'boolean', title: 'VIP', description: 'Marks the contact as VIP.', 'x-advanced': true },
    signupIp: {
      type: 'string',
      title: 'IP at sign-up',
      description: 'Evidence of where consent was given.',
      maxLength: 45,
      'x-advanced': true,
    },
    audienceId,
  },
  required: ['email'],
} as const;

type SaveInput = Values<typeof saveInput>;

const saveMember = action({
  title: 'Add or update a contact',
  description:
    'Adds a contact to the audience or updates the one with this address. The status of a contact that exists is never changed.',
  input: saveInput,
  run: (ctx: Context, input) => save(ctx, input),
});

async function save(ctx: Context, input: SaveInput) {
  const listId = audienceOf(input.audienceId, ctx.config.audienceId);
  const { fields, notWritten } = mergeFields(ctx, personIn(input), input.mergeFields);
  const interests = Object.fromEntries((input.interests ?? []).map((id) => [id, true]));
  const body = {
    email_address: input.email.trim(),
    ...(Object.keys(fields).length > 0 && { merge_fields: fields }),
    ...(input.interests?.length && { interests }),
    ...(input.language && { language: input.language }),
    ...(input.vip !== undefined && { vip: input.vip }),
    ...(input.signupIp && { ip_signup: input.signupIp }),
  };
  await write(ctx, { listId, body, status: await statusIfNew(ctx, listId, input.consent) });
  const given = namesOf(ctx, [...(input.tags ?? []), ...(ctx.config.defaultTags ?? [])]);
  await setTags(ctx, { listId, email: input.email, tags: given, status: 'active' });
  const { member, effects } = await readBack(ctx, listId, input.email);
  return { data: { member, tags: given, ...(notWritten.length > 0 && { notWritten }) }, effects };
}

function personIn(input: SaveInput) {
  const { firstName, lastName, phone, company, birthday, line1, line2, city, state, postalCode, country } = input;
  const all = { firstName, lastName, phone, company, birthday, line1, line2, city, state, postalCode, country };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== ''));
}

interface Writing {
  readonly listId: string;
  readonly body: { readonly email_address: string };
  /** For somebody new; undefined: only who is there already is written. */
  readonly status: string | undefined;
}

async function write(ctx: Context, { listId, body, status }: Writing): Promise<void> {
  const path = memberPath(listId, body.email_address);
  const query = validation(ctx);
  if (status) {
    await ctx.http.put(path, { query, json: { ...body, status_if_new: status } });
    return;
  }
  try {
    await ctx.http.patch(path, { query, json: body, idempotent: true });
  } catch (error) {
    if (hubError(error)?.consequence !== 'not-found') throw error;
    throw new Rejected(
      'This person is not in the audience and has not agreed to get mail. Say that they did, or allow people without consent in the settings.',
      { cause: error, fields: [{ pointer: '/consent', message: 'Needed for somebody new.' }] },
    );
  }
}

const getMember = action({
  title: 'Look up a contact',
  description: 'Reads a contact as it is in Mailchimp now; changes nothing there.',
  input: { type: 'object', properties: { email, audienceId }, required: ['email'] },
  async run(ctx: Context, input) {
    const listId = audienceOf(input.audienceId, ctx.config.audienceId);
    const raw = await readMember(ctx.http, listId, memberHash(input.email));
    const item = memberItem({ list_id: listId, ...raw }, ctx.config);
    if (!item || !('data' in item)) throw new Rejected('Mailchimp answered with a contact without an id. Try again.');
    return { data: { member: item.data }, effects: [{ kind: 'records', stream: 'members', items: [item] }] };
  },
});

export const memberActions = { saveMember, getMember };

import { action, hubError, NotFound, Rejected } from 'patchbay';
import { audienceId, email, tags } from './action-fields.ts';
import { memberPath } from './api.ts';
import { audienceOf } from './audiences.ts';
import type { Context } from './manifest.ts';
import { namesOf, setTags, starts } from './tagging.ts';
import { readBack } from './written.ts';

const tagInput = { type: 'object', properties: { email, tags, audienceId }, required: ['email', 'tags'] } as const;

/** Adds or removes tags, and leaves the others alone. */
async function change(
  ctx: Context,
  input: { readonly email: string; readonly tags: readonly string[]; readonly audienceId?: string },
  status: 'active' | 'inactive',
) {
  const listId = audienceOf(input.audienceId, ctx.config.audienceId);
  const names = namesOf(ctx, input.tags);
  if (names.length === 0) {
    throw new Rejected('No tag is named.', { fields: [{ pointer: '/tags', message: 'Name at least one.' }] });
  }
  await setTags(ctx, { listId, email: input.email, tags: names, status });
  const { member, effects } = await readBack(ctx, listId, input.email);
  return { data: { tags: member['tags'] ?? [] }, effects };
}

const addTags = action({
  title: 'Add tags',
  description: 'Adds tags to a contact; the tags it has stay. Whether this may start automations is in the settings.',
  input: tagInput,
  run: (ctx: Context, input) => change(ctx, input, 'active'),
});

const removeTags = action({
  title: 'Remove tags',
  description: 'Takes tags from a contact; its other tags stay.',
  input: tagInput,
  run: (ctx: Context, input) => change(ctx, input, 'inactive'),
});

const sendEvent = action({
  title: 'Send an event',
  description: 'Tells Mailchimp what a contact did (an order, a booking), which may start an automation there.',
  input: {
    type: 'object',
    properties: {
      email,
      name: {
        type: 'string',
        title: 'Event',
        description: 'Its name, by which automations know it.',
        pattern: '^[A-Za-z0-9_]{2,30}$',
        'x-pattern-message': 'must be 2 to 30 letters, digits and underscores',
        'x-placeholder': 'order_placed',
      },
      properties: {
        type: 'array',
        title: 'Properties',
        description: 'What else is known about it.',
        items: {
          type: 'object',
          properties: {
            name: { type: 'string', title: 'Name', minLength: 1, maxLength: 100 },
            value: { type: 'string', title: 'Value', maxLength: 1000 },
          },
          required: ['name', 'value'],
        },
        maxItems: 50,
      },
      occurredAt: {
        type: 'string',
        title: 'When it happened',
        description: 'Empty: now.',
        format: 'date-time',
      },
      audienceId,
    },
    required: ['email', 'name'],
  },
  async run(ctx: Context, input) {
    const listId = audienceOf(input.audienceId, ctx.config.audienceId);
    const startsAutomations = starts(ctx, { event: input.name });
    const properties = Object.fromEntries((input.properties ?? []).map(({ name, value }) => [name, value]));
    await ctx.http
      .post(`${memberPath(listId, input.email)}/events`, {
        json: {
          name: input.name,
          ...(input.properties?.length && { properties }),
          ...(input.occurredAt && { occurred_at: momentOf(input.occurredAt) }),
          is_syncing: !startsAutomations,
        },
      })
      .catch(notThere);
    return { data: { name: input.name, startsAutomations } };
  },
});

function notThere(error: unknown): never {
  if (hubError(error)?.consequence !== 'not-found') throw error;
  throw new NotFound('This person is not in the audience. Add them first.', { cause: error });
}

function momentOf(value: string): string {
  const time = Date.parse(value);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw new Rejected('This moment does not exist.', { fields: [{ pointer: '/occurredAt', message: 'Choose one that exists.' }] });
}

export const automationActions = { addTags, removeTags, sendEvent };

import { action, Rejected } from 'patchbay';
import { audienceId, email } from './action-fields.ts';
import { memberPath } from './api.ts';
import { audienceOf } from './audiences.ts';
import type { Context } from './manifest.ts';
import { gone, readBack } from './written.ts';

const one = { type: 'object', properties: { email, audienceId }, required: ['email'] } as const;

type One = { readonly email: string; readonly audienceId?: string };

/** A status the person themself asked for. */
async function setStatus(ctx: Context, input: One, status: 'unsubscribed' | 'pending') {
  const listId = audienceOf(input.audienceId, ctx.config.audienceId);
  await ctx.http.patch(memberPath(listId, input.email), { json: { status }, idempotent: true });
  const { member, effects } = await readBack(ctx, listId, input.email);
  return { data: { member }, effects };
}

const unsubscribeMember = action({
  title: 'Unsubscribe a contact',
  description: 'For somebody who withdrew their consent: they get no more campaigns, and only they can subscribe again.',
  input: one,
  run: (ctx: Context, input) => setStatus(ctx, input, 'unsubscribed'),
});

const askAgain = action({
  title: 'Ask to subscribe again',
  description: 'For somebody who unsubscribed and wants to come back: Mailchimp sends them a mail to confirm.',
  input: one,
  run: (ctx: Context, input) => setStatus(ctx, input, 'pending'),
});

const archiveMember = action({
  title: 'Archive a contact',
  description: 'Takes a contact out of the audience and keeps its history. It can be added again.',
  input: one,
  async run(ctx: Context, input) {
    const listId = audienceOf(input.audienceId, ctx.config.audienceId);
    await ctx.http.delete(memberPath(listId, input.email));
    const { member, effects } = await readBack(ctx, listId, input.email);
    return { data: { member }, effects };
  },
});

const deleteForGood = action({
  title: 'Delete a contact for good',
  description:
    'Erases a contact and its history in Mailchimp. This cannot be undone, and the address can never be added again from here: ' +
    'only the person can, on a Mailchimp form. To take somebody out of the audience, archive them instead.',
  input: {
    type: 'object',
    properties: {
      email,
      confirmEmail: {
        type: 'string',
        title: 'Email address once more',
        description: 'The same again, as this cannot be undone.',
        format: 'email',
        maxLength: 254,
      },
      audienceId,
    },
    required: ['email', 'confirmEmail'],
  },
  async run(ctx: Context, input) {
    const listId = audienceOf(input.audienceId, ctx.config.audienceId);
    if (input.email.trim().toLowerCase() !== input.confirmEmail.trim().toLowerCase()) {
      throw new Rejected('The two addresses differ; nothing was deleted.', {
        fields: [{ pointer: '/confirmEmail', message: 'Write the same address.' }],
      });
    }
    await ctx.http.post(`${memberPath(listId, input.email)}/actions/delete-permanent`);
    return { data: { deleted: input.email }, effects: gone(listId, input.email) };
  },
});

export const leavingActions = { unsubscribeMember, askAgain, archiveMember, deleteForGood };

import { action, isRaw, type Raw, Rejected, rows, text, type Values } from 'patchbay';
import { anyAudience, anyEmail, consent, person } from './action-fields.ts';
import { listPath } from './api.ts';
import { audienceOf } from './audiences.ts';
import type { Context } from './manifest.ts';
import { mergeFields, statusIfNew, validation } from './member-body.ts';
import { memberItem } from './records.ts';

/** https://mailchimp.com/developer/marketing/api/lists/batch-subscribe-or-unsubscribe/ */
const MOST = 500;

const bulkInput = {
  type: 'object',
  properties: {
    members: {
      type: 'array',
      title: 'Contacts',
      description: `At most ${MOST}. Those the audience has are updated, the others added.`,
      items: { type: 'object', properties: { email: anyEmail, ...person }, required: ['email'] },
      maxItems: MOST,
    },
    consent: { ...consent, description: 'What all of them did. It decides how new ones are added; no status is changed.' },
    audienceId: anyAudience,
  },
  required: ['members'],
} as const;

type Row = Values<typeof bulkInput>['members'][number];

interface Outcome {
  readonly members: readonly Raw[];
  readonly errors: readonly Raw[];
}

const saveMembers = action({
  title: 'Add or update many contacts',
  description:
    'Adds or updates up to 500 contacts at once and says for each one that failed why. Status and tags stay as they are.',
  input: bulkInput,
  async run(ctx: Context, input) {
    const listId = audienceOf(input.audienceId, ctx.config.audienceId);
    const given = unique(input.members);
    const status = await statusIfNew(ctx, listId, input.consent);
    const post = (some: readonly Row[], options: object) => send(ctx, listId, some, options);
    // An update that names a status overwrites the person's own choice: so first who is new, with one, then the rest, without.
    const added = status ? await post(given, { status }) : { members: [], errors: [] };
    const there = status ? given.filter((row) => exists(added, row)) : given;
    const updated = there.length > 0 ? await post(there, { update: true }) : { members: [], errors: [] };
    const errors = [...added.errors.filter(({ error_code }) => error_code !== 'ERROR_CONTACT_EXISTS'), ...updated.errors];
    const items = [...added.members, ...updated.members].flatMap(
      (raw) => memberItem({ list_id: listId, ...raw }, ctx.config) ?? [],
    );
    return {
      data: {
        added: added.members.length,
        updated: updated.members.length,
        failed: errors.length,
        errors: errors.map((fault) => faultOf(fault, input.members)),
      },
      effects: items.length > 0 ? [{ kind: 'records', stream: 'members', items }] : [],
    };
  },
});

/** A list that names an address twice is refused as a whole: the later row counts. */
function unique(members: readonly Row[]): Row[] {
  if (members.length === 0) {
    throw new Rejected('There is no contact in the list.', { fields: [{ pointer: '/members', message: 'Name at least one.' }] });
  }
  return [...new Map(members.map((row) => [row.email.trim().toLowerCase(), row])).values()];
}

function exists({ errors }: Outcome, row: Row): boolean {
  return errors.some(({ email_address, error_code }) => error_code === 'ERROR_CONTACT_EXISTS' && same(email_address, row.email));
}

function same(one: unknown, other: string): boolean {
  return typeof one === 'string' && one.trim().toLowerCase() === other.trim().toLowerCase();
}

async function send(
  ctx: Context,
  listId: string,
  some: readonly Row[],
  options: { status?: string; update?: true },
): Promise<Outcome> {
  const { data } = await ctx.http.post(listPath(listId), {
    query: validation(ctx),
    json: {
      members: some.map(({ email: address, ...rest }) => {
        const { fields } = mergeFields(ctx, rest);
        return {
          email_address: address.trim(),
          ...(Object.keys(fields).length > 0 && { merge_fields: fields }),
          ...(options.status && { status: options.status }),
        };
      }),
      update_existing: options.update === true,
    },
    // Who was added by a try whose answer was lost is updated by the next.
    idempotent: true,
    timeoutMs: 55_000,
  });
  if (!isRaw(data) || !Array.isArray(data['errors'])) {
    throw new Rejected('Mailchimp did not say what became of these contacts. Sync them before you send them again.');
  }
  return { members: [...rows(data['new_members']), ...rows(data['updated_members'])], errors: rows(data['errors']) };
}

/** Which row it was, counted from 1, and why in the provider's words. */
function faultOf(fault: Raw, members: readonly Row[]): Raw {
  const row = members.findIndex(({ email: address }) => same(fault['email_address'], address));
  const field = text(fault['field']);
  const why = text(fault['error']) ?? text(fault['field_message']) ?? 'Mailchimp gave no reason.';
  return { row: row + 1, email: text(fault['email_address']) ?? '', message: why, ...(field && { field }) };
}

export const bulkActions = { saveMembers };

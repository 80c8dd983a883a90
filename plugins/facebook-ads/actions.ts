import { type Action, action, type Barred, type Effect, hubError, isRaw, type Raw, Rejected, TryLater, text } from 'patchbay';
import { pages, pageToken, readAdAccount } from './access.ts';
import { collect } from './api.ts';
import { adSets, ads, campaigns, itemOf, type Kind } from './entities.ts';
import { LEAD_FIELDS, leadItem } from './leads.ts';
import type { Config, Context } from './manifest.ts';

interface Target {
  readonly kind: Kind;
  readonly stream: 'campaigns' | 'adSets' | 'ads';
  /** `campaign`, in a sentence. */
  readonly name: string;
}

const TARGETS = {
  Campaign: { kind: campaigns, stream: 'campaigns', name: 'campaign' },
  AdSet: { kind: adSets, stream: 'adSets', name: 'ad set' },
  Ad: { kind: ads, stream: 'ads', name: 'ad' },
} as const satisfies Record<string, Target>;

/** What the settings allow this connection to change. */
function unlessAllowed(what: 'status' | 'testLeads') {
  return ({ config }: Pick<Context, 'config'>): Barred<Config> | undefined => {
    if ((config.permissions ?? ['status']).includes(what)) return undefined;
    const text = 'The settings of this connection do not allow this. Tick it under "What it may change" first.';
    return { field: 'permissions', text };
  };
}

function switching(target: Target, status: 'PAUSED' | 'ACTIVE'): Action<Config> {
  const verb = status === 'PAUSED' ? 'Pause' : 'Resume';
  const then =
    status === 'PAUSED' ? 'It delivers nothing until it is resumed.' : 'It delivers again, unless something above it is paused.';
  return action({
    title: `${verb} ${target.name === 'campaign' ? 'a' : 'an'} ${target.name}`,
    description: `${verb}s one ${target.name} at Facebook. ${then}`,
    input: {
      type: 'object',
      properties: {
        id: {
          type: 'string',
          title: target.name.charAt(0).toUpperCase() + target.name.slice(1),
          description: `The ${target.name} to ${verb.toLowerCase()}.`,
          pattern: '^[0-9]+$',
          'x-pattern-message': 'must be an ID: digits only.',
          'x-options': target.stream,
          'x-record': target.stream,
        },
      },
      required: ['id'],
    },
    barred: unlessAllowed('status'),
    async run(ctx: Context, { id }) {
      // Saying a status twice is saying it once.
      const { data } = await ctx.http.post<Raw>(`/${id}`, { form: { status }, idempotent: true });
      if (!isRaw(data) || data['success'] !== true)
        throw new TryLater(`Facebook did not confirm the change of this ${target.name}. Try again.`);
      return { data: { id, status }, effects: await readBack(ctx, target, id) };
    },
  });
}

/** The hub's copy, right at once. It is done by now: where it cannot be read back, a sync brings it. */
async function readBack(ctx: Context, { kind, stream }: Target, id: string): Promise<readonly Effect[]> {
  try {
    const { data } = await ctx.http.get<Raw>(`/${id}`, { query: { fields: kind.fields } });
    const account = await readAdAccount(ctx, text(isRaw(data) ? data['account_id'] : undefined) ?? '');
    const item = isRaw(data) ? itemOf(data, kind, account) : undefined;
    return item ? [{ kind: 'records', stream, items: [item] }] : [];
  } catch (error) {
    ctx.log.warn({ stream, code: hubError(error)?.code }, 'changed, but could not be read back');
    return (ctx.config.streams ?? [stream]).includes(stream) ? [{ kind: 'resync', stream }] : [];
  }
}

const createTestLead = action({
  title: 'Create a test lead',
  description: 'Sends an example into a lead form, as a person would. Facebook keeps one test lead for each form.',
  input: {
    type: 'object',
    properties: {
      formId: {
        type: 'string',
        title: 'Lead form',
        description: 'The form that is filled in.',
        pattern: '^[0-9]+$',
        'x-options': 'leadForms',
        'x-record': 'leadForms',
      },
    },
    required: ['formId'],
  },
  barred: unlessAllowed('testLeads'),
  async run(ctx: Context, { formId }) {
    const page = await pageOf(ctx, formId);
    const { data } = await ctx.http.post<Raw>(`/${formId}/test_leads`, { token: page.token });
    const leadId = isRaw(data) ? text(data['id']) : undefined;
    if (!leadId) throw new TryLater('Facebook did not say which test lead it made. Look into the form’s leads.');
    const lead = await ctx.http.get<Raw>(`/${leadId}`, { query: { fields: LEAD_FIELDS }, token: page.token });
    const item = isRaw(lead.data) ? leadItem(lead.data, page.id, ctx.config) : undefined;
    return { data: { leadId }, effects: item ? [{ kind: 'records', stream: 'leads', items: [item] }] : [] };
  },
});

const deleteTestLead = action({
  title: 'Delete a lead',
  description: 'Removes one lead, such as a test lead, from Facebook and from here.',
  input: {
    type: 'object',
    properties: {
      leadId: { type: 'string', title: 'Lead ID', description: 'The lead to remove.', pattern: '^[0-9]+$', 'x-record': 'leads' },
      pageId: {
        type: 'string',
        title: 'Page',
        description: 'The page it came in by.',
        pattern: '^[0-9]+$',
        'x-options': 'pages',
        'x-record': 'leads.page_id',
      },
    },
    required: ['leadId', 'pageId'],
  },
  barred: unlessAllowed('testLeads'),
  async run(ctx: Context, { leadId, pageId }) {
    await ctx.http.delete(`/${leadId}`, { token: await pageToken(ctx, pageId) });
    return { data: { leadId }, effects: [{ kind: 'records', stream: 'leads', items: [{ id: leadId, deleted: true }] }] };
  },
});

/** A form says its page to the page only: it is looked for among the forms of each. */
async function pageOf(ctx: Context, form: string) {
  for (const page of await pages(ctx)) {
    const forms = await collect(ctx.http, { path: `/${page.id}/leadgen_forms`, fields: 'id', token: page.token });
    if (forms.some(({ id }) => id === form)) return page;
  }
  throw new Rejected('None of the chosen pages has this lead form. Choose one from the list.', {
    fields: [{ pointer: '/formId', message: 'Choose a form of these pages.' }],
  });
}

export const actions: Readonly<Record<string, Action<Config>>> = {
  ...Object.fromEntries(
    Object.entries(TARGETS).flatMap(([name, target]) => [
      [`pause${name}`, switching(target, 'PAUSED')],
      [`resume${name}`, switching(target, 'ACTIVE')],
    ]),
  ),
  createTestLead,
  deleteTestLead,
};

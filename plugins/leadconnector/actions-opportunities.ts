import { action, filled, Rejected } from 'patchbay';
import { inner, readOpportunity } from './api.ts';
import { customFields } from './custom-fields.ts';
import type { Context } from './manifest.ts';
import { opportunityItem } from './records.ts';
import { copied, idIn, writing } from './writing.ts';

const STATUSES = ['open', 'won', 'lost', 'abandoned'] as const;
const statusLabels = { open: 'Open', won: 'Won', lost: 'Lost', abandoned: 'Abandoned' };

function copyOf(ctx: Context, id: string) {
  return copied(ctx, 'opportunities', async () => opportunityItem(await readOpportunity(ctx.http, id)));
}

const create = action({
  title: 'Create an opportunity',
  description: 'Puts a new opportunity into a pipeline.',
  input: {
    type: 'object',
    properties: {
      name: { type: 'string', title: 'Name', minLength: 1, maxLength: 300 },
      contactId: { type: 'string', title: 'Contact ID', minLength: 1, maxLength: 64, 'x-record': 'contacts' },
      pipelineId: {
        type: 'string',
        title: 'Pipeline',
        description: 'Empty: the default pipeline of the settings.',
        'x-options': 'pipelines',
      },
      pipelineStageId: {
        type: 'string',
        title: 'Stage',
        description: 'Empty: the first one.',
        'x-options': 'stages',
      },
      status: { type: 'string', title: 'Status', enum: STATUSES, 'x-labels': statusLabels, default: 'open' },
      monetaryValue: { type: 'number', title: 'Value', minimum: 0 },
      assignedTo: { type: 'string', title: 'Assigned to', 'x-options': 'users' },
      customFields: {
        type: 'array',
        title: 'Custom fields',
        description: 'One per line: the field’s name or id, =, and the value.',
        items: { type: 'string' },
        maxItems: 100,
      },
    },
    required: ['name', 'contactId'],
  },
  async run(ctx: Context, input) {
    const pipelineId = input.pipelineId || ctx.config.pipelineId;
    if (!pipelineId) {
      throw new Rejected('No pipeline was chosen. Name one here, or choose a default pipeline in the settings.', {
        fields: [{ pointer: '/pipelineId', message: 'Choose a pipeline.' }],
      });
    }
    const { customFields: lines, status = 'open', ...rest } = input;
    const fields = await customFields(ctx, lines, 'opportunity');
    const json = {
      ...filled(rest),
      pipelineId,
      status,
      locationId: ctx.account.externalId,
      ...(fields?.length && { customFields: fields }),
    };
    const opportunity = inner((await ctx.http.post('/opportunities/', { json })).data, 'opportunity');
    return { data: { opportunity }, effects: await copyOf(ctx, idIn(opportunity)) };
  },
});

const setStatus = action({
  title: 'Change an opportunity’s status',
  description: 'Marks an opportunity open, won, lost or abandoned.',
  input: {
    type: 'object',
    properties: {
      opportunityId: { type: 'string', title: 'Opportunity ID', minLength: 1, maxLength: 64, 'x-record': 'opportunities' },
      status: { type: 'string', title: 'Status', enum: STATUSES, 'x-labels': statusLabels },
    },
    required: ['opportunityId', 'status'],
  },
  async run(ctx: Context, input) {
    const path = `/opportunities/${encodeURIComponent(input.opportunityId)}/status`;
    await ctx.http.put(path, { json: { status: input.status } });
    return {
      data: { id: input.opportunityId, status: input.status },
      effects: await copyOf(ctx, input.opportunityId),
    };
  },
});

export const opportunityActions = writing({ createOpportunity: create, setOpportunityStatus: setStatus });

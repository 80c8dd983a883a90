import { type Checkpoint, type Page, Rejected, type Stream } from 'patchbay';
import { listPipelines } from './api.ts';
import { appointments, calendars } from './calendars.ts';
import { contactEdit } from './edit.ts';
import type { Config, Context } from './manifest.ts';
import { models } from './models.ts';
import { contactItem, opportunityItem, pipelineItem, sorted } from './records.ts';
import { type Search, walkChanges } from './search.ts';

const contactSearch: Search = {
  path: '/contacts/search',
  list: 'contacts',
  sizeKey: 'pageLimit',
  size: 500,
  field: 'dateUpdated',
  changed: 'dateUpdated',
  shape: contactItem,
};

const opportunitySearch: Search = {
  path: '/opportunities/search',
  list: 'opportunities',
  sizeKey: 'limit',
  size: 100,
  field: 'date_updated',
  changed: 'updatedAt',
  shape: opportunityItem,
};

async function* pipelines(ctx: Context): AsyncGenerator<Page, void> {
  const found = await listPipelines(ctx.http, ctx.account.externalId);
  yield { ...sorted(found, pipelineItem), checkpoint: { pipelines: found.length }, total: found.length };
}

/** Refuses rather than finds nothing: an empty full run would mark every record deleted. */
function inbound(
  sync: (ctx: Context, from: Checkpoint | null) => AsyncGenerator<Page, void>,
): (ctx: Context, from: Checkpoint | null) => AsyncGenerator<Page, void> {
  return async function* guarded(ctx, from) {
    if (ctx.config.direction === 'out') {
      throw new Rejected('This connection only sends to LeadConnector. Change its direction in the settings to sync from there.');
    }
    yield* sync(ctx, from);
  };
}

export const streams: Readonly<Record<string, Stream<Config>>> = {
  contacts: {
    title: 'Contacts',
    mode: 'incremental',
    model: models.contacts,
    edit: contactEdit,
    sync: inbound((ctx, from) => walkChanges(ctx, contactSearch, from)),
  },
  calendars: { title: 'Calendars', mode: 'full', sync: inbound(calendars) },
  appointments: {
    title: 'Appointments',
    mode: 'full',
    model: models.appointments,
    ...appointments,
    sync: inbound(appointments.sync),
  },
  opportunities: {
    title: 'Opportunities',
    mode: 'incremental',
    model: models.opportunities,
    sync: inbound((ctx, from) => walkChanges(ctx, opportunitySearch, from)),
  },
  pipelines: { title: 'Pipelines', mode: 'full', sync: inbound(pipelines) },
  messages: { title: 'Messages', model: models.messages },
};

import { type Effect, type HubEvent, hubError, type Item, isRaw, type Raw, text } from 'patchbay';
import { readAppointment, readContact, readOpportunity } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { appointmentItem, contactItem, messageItem, opportunityItem } from './records.ts';

type StreamId = NonNullable<Config['streams']>[number];

/** What an event changes here. The payload's `type` is believed, nothing else in it but ids: see {@link current}. */
export async function onEvent(ctx: Context, event: HubEvent): Promise<readonly Effect[]> {
  if (event.type === 'UNINSTALL') return uninstalled(ctx);
  if (ctx.config.direction === 'out') return [];
  const stream = streamOf(event.type);
  if (!stream || !(ctx.config.streams ?? [stream]).includes(stream)) return [];
  if (stream === 'messages') return [records(stream, messageItem(event.data, event.id))];
  const id = idOf(stream, event.data);
  if (!id) return [];
  if (event.type.endsWith('Delete')) return [records(stream, { id, deleted: true })];
  return [records(stream, await current(stream, ctx, id))];
}

function streamOf(type: string): StreamId | undefined {
  if (/^Contact(Create|Update|Delete|DndUpdate|TagUpdate)$/.test(type)) return 'contacts';
  if (/^Appointment(Create|Update|Delete)$/.test(type)) return 'appointments';
  if (/^Opportunity(Create|Update|Delete|StageUpdate|StatusUpdate|AssignedToUpdate|MonetaryValueUpdate)$/.test(type)) {
    return 'opportunities';
  }
  return type === 'InboundMessage' || type === 'OutboundMessage' ? 'messages' : undefined;
}

function idOf(stream: StreamId, data: Raw): string | undefined {
  if (stream !== 'appointments') return text(data['id']);
  return (isRaw(data['appointment']) ? text(data['appointment']['id']) : undefined) ?? text(data['id']);
}

const readers: Partial<Record<StreamId, (ctx: Context, id: string) => Promise<Item | undefined>>> = {
  contacts: async (ctx, id) => contactItem(await readContact(ctx.http, id)),
  appointments: async (ctx, id) => appointmentOf(ctx, await readAppointment(ctx.http, id)),
  opportunities: async (ctx, id) => opportunityItem(await readOpportunity(ctx.http, id)),
};

/**
 * The object as it is now. Payloads hold a part of it and no time of change, so keeping them would tear holes into what a
 * sync has read, and an old one handled late would undo a newer one.
 */
async function current(stream: StreamId, ctx: Context, id: string): Promise<Item | undefined> {
  try {
    return await readers[stream]?.(ctx, id);
  } catch (error) {
    if (hubError(error)?.consequence === 'not-found') return { id, deleted: true };
    throw error;
  }
}

function appointmentOf(ctx: Context, raw: Raw): Item | undefined {
  const chosen = ctx.config.calendarIds ?? [];
  const calendarId = text(raw['calendarId']);
  // Moved to a calendar that is not ours to keep: gone, as far as this store is concerned.
  if (chosen.length > 0 && !(calendarId && chosen.includes(calendarId))) {
    const id = text(raw['id']);
    return id ? { id, deleted: true } : undefined;
  }
  return raw['deleted'] === true ? { id: String(raw['id']), deleted: true } : appointmentItem(raw);
}

function records(stream: StreamId, item: Item | undefined): Effect {
  return { kind: 'records', stream, items: item ? [item] : [] };
}

/** A private token is not the app's: it lives on when the app is removed. */
function uninstalled(ctx: Context): readonly Effect[] {
  if (ctx.method !== 'oauth') return [];
  return [{ kind: 'disconnect', reason: 'The app was uninstalled in LeadConnector.' }];
}

import { type Effect, type HubEvent, hubError, type Item, isRaw, text } from 'patchbay';
import { memberHash, memberId, readMember } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { campaignItem, memberItem, reportItem } from './records.ts';

type StreamId = NonNullable<Config['streams']>[number];

/**
 * What an event changes here. The payload's type, ids and addresses are believed, nothing else in it: it holds a part of
 * the contact and no time of change, and an old one handled late would undo a newer one.
 */
export async function onEvent(ctx: Context, event: HubEvent): Promise<readonly Effect[]> {
  const { type, data } = event;
  const listId = text(data['list_id']) ?? ctx.config.audienceId;
  // The audience was changed in the settings; this one is no longer ours to follow.
  if (!listId || (ctx.config.audienceId && listId !== ctx.config.audienceId)) return [];
  if (type === 'campaign') return campaignEffects(ctx, text(data['id']));
  if (!chosen(ctx, 'members')) return [];
  if (type === 'upemail') return addressEffects(ctx, listId, data);
  const email = text(data['email']);
  const hash = email ? memberHash(email) : text(data['id']);
  return hash ? [records('members', await currentMember(ctx, listId, hash))] : [];
}

/** A new address is a new id: the contact under the old one is gone, which the provider says and not the call. */
async function addressEffects(ctx: Context, listId: string, data: HubEvent['data']): Promise<readonly Effect[]> {
  const [before, after] = [text(data['old_email']), text(data['new_email'])];
  if (!after) return [];
  const [old, hash] = [before && memberHash(before), memberHash(after)];
  const left = old && old !== hash ? await formerMember(ctx, listId, old) : undefined;
  const { items } = records('members', await currentMember(ctx, listId, hash));
  return [{ kind: 'records', stream: 'members', items: [...(left ? [left] : []), ...items] }];
}

/** Whoever is known under the old address; gone as well where the provider shows somebody under another one. */
async function formerMember(ctx: Context, listId: string, hash: string): Promise<Item | undefined> {
  const [id, found] = [memberId(listId, hash), await currentMember(ctx, listId, hash)];
  return found && found.id !== id ? { id, deleted: true } : found;
}

async function campaignEffects(ctx: Context, id: string | undefined): Promise<readonly Effect[]> {
  if (!id) return [];
  const path = encodeURIComponent(id);
  const effects: Effect[] = [];
  if (chosen(ctx, 'campaigns')) {
    effects.push(records('campaigns', await current(id, async () => campaignItem(await read(ctx, `/campaigns/${path}`)))));
  }
  if (chosen(ctx, 'reports')) {
    // There is none before it is sent, or when it was cancelled.
    const report = await current(id, async () => reportItem(await read(ctx, `/reports/${path}`)));
    if (report && 'data' in report) effects.push(records('reports', report));
  }
  return effects;
}

function currentMember(ctx: Context, listId: string, hash: string): Promise<Item | undefined> {
  return current(memberId(listId, hash), async () =>
    memberItem({ list_id: listId, ...(await readMember(ctx.http, listId, hash)) }, ctx.config),
  );
}

/** As it is now; deleted where it is no longer there. */
async function current(id: string, readItem: () => Promise<Item | undefined>): Promise<Item | undefined> {
  try {
    return await readItem();
  } catch (error) {
    if (hubError(error)?.consequence === 'not-found') return { id, deleted: true };
    throw error;
  }
}

async function read({ http }: Context, path: string) {
  const { data } = await http.get(path, { query: { exclude_fields: '_links' } });
  return isRaw(data) ? data : {};
}

function chosen({ config }: Context, stream: StreamId): boolean {
  return (config.streams ?? [stream]).includes(stream);
}

function records(stream: StreamId, item: Item | undefined): Extract<Effect, { kind: 'records' }> {
  return { kind: 'records', stream, items: item ? [item] : [] };
}

import { type Effect, hubError, type Raw } from 'patchbay';
import { memberHash, memberId, readMember } from './api.ts';
import type { Context } from './manifest.ts';
import { memberItem } from './records.ts';

/**
 * The contact as it is after a write, for the hub's copy. The write has happened by now: when the contact cannot be read
 * back, the action still succeeded, and a sync brings what it changed.
 */
export async function readBack(
  ctx: Context,
  listId: string,
  email: string,
): Promise<{ member: Raw; effects: readonly Effect[] }> {
  try {
    const item = memberItem({ list_id: listId, ...(await readMember(ctx.http, listId, memberHash(email))) }, ctx.config);
    if (item && 'data' in item) return { member: item.data, effects: [{ kind: 'records', stream: 'members', items: [item] }] };
  } catch (error) {
    ctx.log.warn({ code: hubError(error)?.code }, 'written, but could not be read back');
  }
  return { member: { email, listId }, effects: [{ kind: 'resync', stream: 'members' }] };
}

/** The hub's copy of a contact that is no longer there. */
export function gone(listId: string, email: string): readonly Effect[] {
  return [{ kind: 'records', stream: 'members', items: [{ id: memberId(listId, memberHash(email)), deleted: true }] }];
}

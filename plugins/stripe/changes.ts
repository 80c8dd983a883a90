import { hubError, type Item, isRaw, number, type Raw, text } from 'patchbay';
import { readObject } from './api.ts';
import { iso, itemOf } from './items.ts';
import { type Kind, type Target, targetsOf } from './kinds.ts';
import type { Context } from './manifest.ts';

/** What an event says, in the provider's terms. */
export interface Happened {
  readonly type: string;
  /** Unix seconds. */
  readonly created: number;
  /** The object as it was then, in the shape of whatever version the endpoint or the account has. */
  readonly object: Raw;
}

export function happenedIn(event: Raw): Happened | undefined {
  const object = isRaw(event['data']) ? event['data']['object'] : undefined;
  const [type, created] = [text(event['type']), number(event['created'])];
  return type && created !== undefined && isRaw(object) ? { type, created, object } : undefined;
}

export interface Change {
  readonly target: Target;
  readonly happened: Happened;
}

/** What each event changes among these kinds, the first mention of an object winning. */
export function changesIn(events: readonly Happened[], kinds: readonly Kind[]): Change[] {
  const found = new Map<string, Change>();
  for (const happened of events) {
    for (const target of targetsOf(happened.type, happened.object)) {
      const key = `${target.kind.name} ${target.id}`;
      if (kinds.includes(target.kind) && !found.has(key)) found.set(key, { target, happened });
    }
  }
  return [...found.values()];
}

/**
 * The record as it is now: events come in any order and in the shape of any version, so that each is only taken as the sign
 * that something has changed. Dated by the event, so that an older one that is read later changes nothing.
 */
export async function itemNow(ctx: Context, { target, happened }: Change): Promise<Item | undefined> {
  const { kind, id, gone } = target;
  if (gone) return { id, deleted: true };
  const raw = await readOr(ctx, kind, { id, happened });
  return raw && itemOf(kind, raw, { config: ctx.config, updatedAt: iso(happened.created) });
}

/** What is not found is not shown yet, was wiped with other test data, or was a draft that somebody deleted. */
async function readOr(ctx: Context, kind: Kind, { id, happened }: { id: string; happened: Happened }): Promise<Raw | undefined> {
  try {
    return await readObject(ctx.http, kind.path, { id, expand: kind.expand });
  } catch (error) {
    if (hubError(error)?.consequence !== 'not-found') throw error;
    const { object } = happened;
    if (object['id'] !== id) return undefined;
    return kind.name === 'invoices' && object['status'] === 'draft' ? { id, deleted: true } : object;
  }
}

import { setTimeout as pause } from 'node:timers/promises';
import { type ActionCall, type Effect, type HttpOptions, hubError, isRaw, type Raw, Rejected } from 'patchbay';
import { readObject } from './api.ts';
import { reasonOf } from './explain.ts';
import { itemOf } from './items.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Context } from './manifest.ts';

const ATTEMPTS = 3;
const FIRST_WAIT_MS = 500;

export interface Write {
  readonly method?: 'post' | 'delete';
  readonly path: string;
  readonly form: Readonly<Record<string, string>>;
}

/**
 * Writes once, however often it has to be sent: the key is the caller's wish, so that whoever tries again gets the first
 * answer again. `Stripe-Should-Retry` decides whether that is done here and now (docs.stripe.com/error-low-level).
 */
export async function write(ctx: Context, { method = 'post', path, form }: Write, call: ActionCall): Promise<Raw> {
  // At most 255 characters, and one call may write more than once.
  const key = `${call.id.slice(0, 200)}:${path.split('/')[2] ?? ''}`;
  const headers: HttpOptions = method === 'post' ? { headers: { 'Idempotency-Key': key } } : {};
  for (let attempt = 1; ; attempt += 1) {
    try {
      const { data } = await ctx.http[method](path, { form, idempotent: true, ...headers });
      if (isRaw(data)) return data;
      throw new Rejected('Stripe accepted this but did not say what came of it. Look it up there before you try again.');
    } catch (error) {
      if (!reasonOf(error)?.again || hubError(error)?.consequence !== 'try-later' || attempt === ATTEMPTS) throw error;
      await pause(FIRST_WAIT_MS * 2 ** (attempt - 1) * (0.5 + Math.random() / 2), undefined, { signal: ctx.signal });
    }
  }
}

/** The hub's copy of what a write answered. Undated: the provider's clock dates what comes after it. */
export function copied(ctx: Context, name: KindName, raw: Raw): readonly Effect[] {
  const item = itemOf(KINDS[name], raw, { config: ctx.config });
  return item ? [{ kind: 'records', stream: name, items: [item] }] : [];
}

/** The same of an object the write changed as well; where it cannot be read now, a sync brings it. */
export async function readBack(ctx: Context, name: KindName, id: string | undefined): Promise<readonly Effect[]> {
  if (id === undefined) return [];
  try {
    const { path, expand } = KINDS[name];
    return copied(ctx, name, await readObject(ctx.http, path, { id, expand }));
  } catch (error) {
    ctx.log.warn({ stream: name, code: hubError(error)?.code }, 'written, but could not be read back');
    return (ctx.config.streams ?? [name]).includes(name) ? [{ kind: 'resync', stream: name }] : [];
  }
}

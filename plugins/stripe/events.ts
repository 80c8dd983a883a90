import { type Effect, type HubEvent, type Item, isRaw, number } from 'patchbay';
import { changesIn, itemNow } from './changes.ts';
import { KINDS, type KindName } from './kinds.ts';
import type { Context } from './manifest.ts';
import { DEAUTHORIZED } from './webhook-events.ts';

/** What an event changes: the objects it is about, as they are now, in the streams the store has chosen. */
export async function onEvent(ctx: Context, { type, data }: HubEvent): Promise<readonly Effect[]> {
  const { account, livemode, object, created } = data;
  // An endpoint of a platform also hears of the accounts connected to it.
  const isOurs =
    (account === undefined || account === ctx.account.vars?.['accountId']) && livemode === (ctx.account.mode === 'live');
  if (!isOurs || !isRaw(object)) return [];
  if (type === DEAUTHORIZED) return [{ kind: 'disconnect', reason: 'Access was taken away in Stripe.' }];
  const happened = { type, object, created: number(created) ?? 0 };
  const chosen = (ctx.config.streams ?? Object.keys(KINDS)) as readonly KindName[];
  const effects: Effect[] = [];
  for (const change of changesIn(
    [happened],
    chosen.map((name) => KINDS[name]),
  )) {
    const item: Item | undefined = await itemNow(ctx, change);
    if (item) effects.push({ kind: 'records', stream: change.target.kind.name, items: [item] });
  }
  return effects;
}

import { type Checkpoint, type Item, number, type Page, type Raw, type Stream } from 'patchbay';
import { changesIn, happenedIn, itemNow } from './changes.ts';
import { isWanted } from './items.ts';
import { KINDS, type Kind, type KindName } from './kinds.ts';
import type { Config, Context } from './manifest.ts';
import { models } from './models.ts';
import { asOf, begin, done, listNext, pageOf, readsAll, sinceQuery, type Walk } from './walk.ts';

const DAY = 86_400;

/**
 * First everything by lists, then what events name, read again one by one; those that may still change are listed once a day,
 * as an event that was never sent would otherwise be missed for ever.
 */
async function* changes(ctx: Context, kind: Kind, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const met = new Set<string>();
  for (let walk = begin(from, ctx.config); ; ) {
    const { page, next } = await (walk.phase === 'events'
      ? eventsPage(ctx, kind, { walk, met })
      : objectsPage(ctx, kind, { walk, met }));
    yield { ...page, checkpoint: { ...next } };
    if (next.phase === 'done') return;
    walk = next;
  }
}

interface Run {
  readonly walk: Walk;
  /** Ids this run has read by events: they need not be read twice. */
  readonly met: Set<string>;
}

interface Step {
  readonly page: Pick<Page, 'items' | 'failed'>;
  readonly next: Walk;
}

async function objectsPage(ctx: Context, kind: Kind, { walk, met }: Run): Promise<Step> {
  const filters = walk.phase === 'all' ? kind.all : (kind.open[walk.pass] ?? {});
  const expand = kind.expand.map((name) => `data.${name}`);
  const query = { ...filters, ...sinceQuery(ctx), 'expand[]': expand };
  const { data, next } = await listNext(ctx, walk, { path: kind.path, query });
  const after = next ?? afterList(kind, walk);
  const { items, failed = [] } = pageOf(ctx, kind, { data, updatedAt: asOf(walk), checkpoint: after });
  return { page: { items: items.filter(({ id }) => !met.has(id)), failed }, next: after };
}

function afterList(kind: Kind, walk: Walk): Walk {
  if (walk.phase === 'all') return done(walk);
  const pass = walk.pass + 1;
  return pass < kind.open.length ? { ...walk, pass, after: null, created: null } : done(walk, { openAt: walk.startedAt });
}

async function eventsPage(ctx: Context, kind: Kind, { walk, met }: Run): Promise<Step> {
  const query = { 'types[]': kind.events, 'created[gte]': walk.since };
  const { data, next } = await listNext(ctx, walk, { path: '/v1/events', query });
  const happened = data.map(happenedIn).filter((one) => one !== undefined);
  const items: Item[] = [];
  for (const change of changesIn(happened, [kind])) {
    if (met.has(change.target.id)) continue;
    met.add(change.target.id);
    const item = await itemNow(ctx, change);
    if (item) items.push(item);
  }
  const isDue = kind.open.length > 0 && walk.startedAt - walk.openAt >= DAY;
  const last: Walk = isDue ? { ...walk, phase: 'open', pass: 0, after: null, created: null } : done(walk);
  return { page: { items }, next: next ?? last };
}

/** No event tells of these: a run reads from the oldest that was still pending, or from where the last one began. */
async function* movements(ctx: Context, kind: Kind, from: Checkpoint | null): AsyncGenerator<Page, void> {
  const before = number(from?.['pendingSince']);
  let walk: Walk & { pendingSince: number | null } = { ...begin(from, ctx.config), pendingSince: resumed(from) };
  const since = walk.phase === 'all' ? sinceQuery(ctx) : { 'created[gte]': Math.min(before ?? walk.since, walk.since) };
  for (;;) {
    const { data, next } = await listNext(ctx, walk, { path: kind.path, query: since });
    const pendingSince = earliest(walk.pendingSince, data);
    const after = { ...(next ?? done(walk)), pendingSince };
    yield pageOf(ctx, kind, { data, updatedAt: asOf(walk), checkpoint: after });
    if (!next) return;
    walk = after;
  }
}

/** What a run that goes on had found pending; a new one starts to look afresh. */
function resumed(from: Checkpoint | null): number | null {
  return from && from['phase'] !== 'done' ? (number(from['pendingSince']) ?? null) : null;
}

function earliest(known: number | null, data: readonly Raw[]): number | null {
  const pending = data.filter((raw) => raw['status'] === 'pending').flatMap((raw) => number(raw['created']) ?? []);
  return [...(known === null ? [] : [known]), ...pending].reduce<number | null>(
    (a, b) => (a === null ? b : Math.min(a, b)),
    null,
  );
}

function stream(name: KindName): Stream<Config> {
  const kind = KINDS[name];
  const walk = kind.events.length > 0 ? changes : movements;
  const model = models[name];
  return {
    title: kind.title,
    mode: 'incremental',
    sync: (ctx, from) => walk(ctx, kind, from),
    covers: (data, startedAt, config, from) => readsAll(from ?? null, config, startedAt) && isWanted(data, config),
    ...(model && { model }),
  };
}

export const streams: Readonly<Record<KindName, Stream<Config>>> = {
  charges: stream('charges'),
  customers: stream('customers'),
  subscriptions: stream('subscriptions'),
  invoices: stream('invoices'),
  refunds: stream('refunds'),
  balanceTransactions: stream('balanceTransactions'),
};

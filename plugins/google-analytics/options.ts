import { type Handlers, isRaw, type Option, type Raw, text } from 'patchbay';
import { chosenProperty, listAll, summariesIn } from './api.ts';
import type { Config, Context } from './manifest.ts';

type Draft = Readonly<Record<string, unknown>>;

/** The property in the form as filled in so far, before it is saved. */
function drafted(ctx: Context, draft: Draft): string | undefined {
  const id = text(draft['propertyId']) ?? chosenProperty(ctx);
  return id && /^\d{6,12}$/.test(id) ? id : undefined;
}

async function properties({ http, method }: Context): Promise<Option[]> {
  if (method === 'manual') return [];
  const all = summariesIn(await listAll(http, '/accountSummaries', 'accountSummaries'));
  return all.map(({ id, displayName, account }) => ({ value: id, label: `${displayName} (${account}, ${id})` }));
}

async function measurementIds(ctx: Context, draft: Draft): Promise<Option[]> {
  const own = ctx.account.vars?.['measurementId'];
  if (ctx.method === 'manual') return own ? [{ value: own, label: `${own} (of your keys)` }] : [];
  const id = drafted(ctx, draft);
  if (!id) return [];
  const streams = await listAll(ctx.http, `/properties/${id}/dataStreams`, 'dataStreams');
  return streams.flatMap((stream) => {
    const measurementId = measurementIdOf(stream);
    return measurementId
      ? [{ value: measurementId, label: `${text(stream['displayName']) ?? 'Website'} (${measurementId})` }]
      : [];
  });
}

/** Only websites have one. */
export function measurementIdOf(stream: Raw): string | undefined {
  const web = stream['webStreamData'];
  return isRaw(web) ? text(web['measurementId']) : undefined;
}

async function keyEvents(ctx: Context, draft: Draft): Promise<Option[]> {
  const id = ctx.method === 'manual' ? undefined : drafted(ctx, draft);
  if (!id) return [];
  const events = await listAll(ctx.http, `/properties/${id}/keyEvents`, 'keyEvents');
  return events.flatMap(({ eventName }) => (text(eventName) ? [{ value: String(eventName), label: String(eventName) }] : []));
}

export const options = { properties, measurementIds, keyEvents } satisfies Handlers<Config>['options'];

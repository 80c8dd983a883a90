import { type Checkpoint, type Item, isRaw, type Page, type Raw, type Stream, TryLater, text } from 'patchbay';
import { CHOOSE, chosenProperty, isOther, listPage, type Property, readProperty, summariesIn } from './api.ts';
import type { Config, Context } from './manifest.ts';
import { readRetention, retentionNotes } from './retention.ts';

type Sync = NonNullable<Stream<Config>['sync']>;

/** Every property the Google account sees. */
async function* properties({ http }: Context, from: Checkpoint | null): AsyncGenerator<Page, void> {
  if (from?.['done'] === true) return;
  let pageToken = text(from?.['next']);
  do {
    const { found, next } = await listPage(http, '/accountSummaries', { key: 'accountSummaries', pageToken });
    // Who sees nothing is refused when connecting: a list of nothing is trouble.
    if (found.length === 0 && pageToken === undefined)
      throw new TryLater('Google Analytics lists no property for this Google account. It is asked again later.');
    const items = summariesIn(found).map(({ id, displayName, account, raw }) => ({
      id,
      data: {
        propertyId: id,
        name: displayName,
        account,
        canEdit: raw['canEdit'] === true,
        type: text(raw['propertyType']) ?? null,
      },
    }));
    yield { items, checkpoint: next ? { next } : { done: true } };
    pageToken = next;
  } while (pageToken !== undefined);
}

/** Reads about the chosen property; it is looked up first, as an empty list alone says nothing. */
function ofProperty(read: (ctx: Context, property: Property, from: Checkpoint | null) => AsyncGenerator<Page, void>): Sync {
  return async function* about(ctx, from) {
    if (from?.['done'] === true) return;
    const id = chosenProperty(ctx);
    if (id) yield* read(ctx, await readProperty(ctx.http, id), from);
    else yield { items: [], checkpoint: { done: true }, notes: [CHOOSE] };
  };
}

async function* settings({ http, config }: Context, property: Property): AsyncGenerator<Page, void> {
  const retention = await readRetention(http, property.id);
  const { industryCategory, serviceLevel, createTime } = property.raw;
  const data = {
    propertyId: property.id,
    name: property.displayName,
    timeZone: property.timeZone,
    currency: property.currencyCode ?? null,
    industry: text(industryCategory) ?? null,
    serviceLevel: text(serviceLevel) ?? null,
    createdAt: text(createTime) ?? null,
    eventDataRetention: text(retention['eventDataRetention']) ?? null,
    userDataRetention: text(retention['userDataRetention']) ?? null,
    resetUserDataOnNewActivity: retention['resetUserDataOnNewActivity'] === true,
  };
  yield { items: [{ id: property.id, data }], checkpoint: { done: true }, notes: retentionNotes(retention, config) };
}

/** A list of the property, page by page. */
function listed(key: 'dataStreams' | 'keyEvents', shape: (raw: Raw, id: string) => Readonly<Record<string, unknown>>): Sync {
  return ofProperty(async function* pages({ http }, property, from) {
    let pageToken = text(from?.['next']);
    do {
      const { found, next } = await listPage(http, `/properties/${property.id}/${key}`, { key, pageToken });
      const items: Item[] = found.flatMap((raw) => {
        const id = text(raw['name']);
        return id ? [{ id, data: { propertyId: property.id, ...shape(raw, id) } }] : [];
      });
      const nameless = found.length - items.length;
      const failed = Array.from({ length: nameless }, () => ({ id: '?', reason: 'it has no name' }));
      yield { items, failed, checkpoint: next ? { next } : { done: true } };
      pageToken = next;
    } while (pageToken !== undefined);
  });
}

function streamData(raw: Raw): Readonly<Record<string, unknown>> {
  const web = isRaw(raw['webStreamData']) ? raw['webStreamData'] : {};
  return {
    name: text(raw['displayName']) ?? null,
    type: text(raw['type']) ?? null,
    measurementId: text(web['measurementId']) ?? null,
    website: text(web['defaultUri']) ?? null,
  };
}

function keyEventData(raw: Raw): Readonly<Record<string, unknown>> {
  const { eventName, countingMethod, custom, createTime, defaultValue } = raw;
  return {
    name: text(eventName) ?? null,
    counting: text(countingMethod) ?? null,
    custom: custom === true,
    createdAt: text(createTime) ?? null,
    ...(isRaw(defaultValue) && { defaultValue }),
  };
}

/** Without a choice in the settings nothing is taken for gone: whether there is only one property is not known here. */
function ofChosen(data: Raw, _startedAt: string, config?: Config): boolean | 'unchosen' {
  return isOther(data, config) ? 'unchosen' : Boolean(config?.propertyId);
}

const shared = { mode: 'full', methods: ['oauth'] } as const;
const followed = { ...shared, follows: ['propertyId'] } as const;

export const directory = {
  properties: { ...shared, title: 'Properties', sync: properties },
  settings: {
    ...followed,
    title: 'Property settings',
    sync: ofProperty(settings),
    covers: (data, _startedAt, config) => (isOther(data, config) ? 'unchosen' : false),
  },
  dataStreams: { ...followed, title: 'Data streams', sync: listed('dataStreams', streamData), covers: ofChosen },
  keyEvents: { ...followed, title: 'Key events', sync: listed('keyEvents', keyEventData), covers: ofChosen },
} as const satisfies Readonly<Record<string, Stream<Config>>>;

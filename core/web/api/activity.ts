import type { StoreView } from '../../access/stores.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { DOERS, KINDS, type Kind, OUTCOMES, type Outcome } from '../activity.ts';
import { happeningJson, sendActivityFile } from '../activity-file.ts';
import { namer } from '../activity-names.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { anyText, InQuery, oneOf, time, wholeNumber } from '../http/dto.ts';
import { FORMATS, type Format, LIST_FILE } from '../http/list-file.ts';
import { inIntegration, inStore } from './place.ts';
import { MOST_PER_PAGE } from './query.ts';
import { type ApiRoute, at, type Call, ok, type Reply } from './route.ts';
import { moment, named, object, oneOfTexts, orNull, pageOf, text, uuid } from './schema.ts';

class ActivityFilter {
  @InQuery(oneOf(KINDS), 'Only of this kind.')
  readonly kind?: Kind;

  @InQuery(oneOf(OUTCOMES), '`waiting`: it has not come to an end.')
  readonly outcome?: Outcome;

  @InQuery(anyText(), `Who did it: ${DOERS.map((one) => `\`${one}\``).join(', ')}, or a person’s address.`)
  readonly who?: string;

  @InQuery(time, 'At this time or later.')
  readonly from?: Date;

  @InQuery(time, 'Before it.')
  readonly until?: Date;
}

class ActivityQuery extends ActivityFilter {
  @InQuery(wholeNumber(1, MOST_PER_PAGE), 'How many at most.')
  readonly limit: number = 50;

  @InQuery(anyText(500), 'Where to go on: `next` of the answer before.')
  readonly cursor?: string;
}

class ActivityFileQuery extends ActivityFilter {
  @InQuery(oneOf(FORMATS), 'Default `jsonl`: one object a line.')
  readonly format: Format = 'jsonl';
}

const HAPPENING = named(
  'Happening',
  object({
    at: moment,
    kind: oneOfTexts(KINDS),
    outcome: oneOfTexts(OUTCOMES),
    says: { ...text, description: 'What happened, in words.' },
    note: { ...orNull(text), description: 'How it ended, or why.' },
    who: { ...orNull(text), description: 'A person’s address, an API key, `system`, or the plugin whose provider told us.' },
    integration: { ...orNull(text), description: 'Its name.' },
    integrationId: orNull(uuid),
    plugin: orNull(text),
    source: {
      ...oneOfTexts(['audit', 'run', 'event', 'incident', 'mail']),
      description: 'What `id` is the id of.',
    },
    id: uuid,
  }),
);

interface Place {
  readonly store: StoreView;
  readonly integration?: Integration;
}

type Called<Q> = Call<unknown, Q> & Place;

async function list(call: Called<ActivityQuery>): Promise<Reply> {
  const { limit, cursor, ...filter } = call.query;
  const { happenings, next } = await call.web.activity.page(soughtOf(call, filter), { limit, after: positionOf(cursor) });
  const name = await namesOf(call);
  return ok({ activity: happenings.map((one) => happeningJson(one, name(one))), next: cursorOf(next) });
}

async function file(call: Called<ActivityFileQuery>): Promise<undefined> {
  const { format, ...filter } = call.query;
  const sought = soughtOf(call, filter);
  await sendActivityFile(call.web, call.res, { name: call.store.slug, format, sought, named: await namesOf(call) });
}

function soughtOf({ store, integration }: Place, filter: ActivityFilter) {
  return { ...filter, storeId: store.id, owner: store.role === 'owner', integrationId: integration?.id };
}

async function namesOf({ web, store, integration }: Called<unknown>) {
  return namer(web, integration ? [integration] : await web.integrationStore.list({ storeId: store.id }));
}

const tag = 'Activity';
const LIST = { 200: { says: 'Latest first.', schema: pageOf('activity', HAPPENING) } };
const IN_STORE = '/api/stores/:store/activity';
const IN_ONE = '/api/stores/:store/integrations/:integration/activity';
const here = at(inStore);
const one = at(inIntegration);

export const activityRoutes: readonly ApiRoute[] = [
  here({
    on: `GET ${IN_STORE}`,
    tag,
    does: 'List what happened in a store',
    more: 'Connections, tests, syncs, events, changes and notices in one list. Keys, people and mails are told of to owners only.',
    query: ActivityQuery,
    answers: LIST,
    run: list,
  }),
  here({
    on: `GET ${IN_STORE}/file`,
    tag,
    does: 'Download what happened in a store',
    query: ActivityFileQuery,
    answers: LIST_FILE,
    run: file,
  }),
  one({
    on: `GET ${IN_ONE}`,
    tag,
    does: 'List what happened to an integration',
    query: ActivityQuery,
    answers: LIST,
    run: list,
  }),
  one({
    on: `GET ${IN_ONE}/file`,
    tag,
    does: 'Download what happened to an integration',
    query: ActivityFileQuery,
    answers: LIST_FILE,
    run: file,
  }),
];

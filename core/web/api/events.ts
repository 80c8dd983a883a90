import type { EventView } from '../../inbox/event-store.ts';
import { eventOf, sendBody } from '../event-body.ts';
import { cursorOf, pageIn, positionOf } from '../http/cursor.ts';
import { wantsStream } from '../http/request.ts';
import { EventsQuery, Replay } from './event-bodies.ts';
import { EVENT, KEPT, PREVIEW, REPLAYED, TRAY, UNLISTED, WHOLE_EVENT } from './event-schemas.ts';
import { streamEvents } from './live-events.ts';
import { inIntegration } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, accepted, at, type Call, type IntegrationCall, ok, operator, type Reply } from './route.ts';
import { listOf, object, pageOf, text, uuid } from './schema.ts';

async function listEvents(call: IntegrationCall<unknown, EventsQuery>): Promise<Reply | undefined> {
  if (wantsStream(call.req)) return streamEvents(call);
  const { web, store, integration, query } = call;
  const { cursor, ...sought } = query;
  const after = positionOf(cursor, 'number');
  const [{ events, next }, unlisted] = await Promise.all([
    web.eventLists.page({ storeId: store.id, integrationId: integration.id, ...sought, after }),
    web.spoolFigures.of(store.id, integration.id),
  ]);
  return ok({ events: events.map(shown), next: cursorOf(next), unlisted });
}

async function showEvent({ web, req, store, integration }: IntegrationCall): Promise<Reply> {
  const { raw, body: _, ...event } = await eventOf(web, req, { store, integration });
  return ok({ ...shown(event), bytes: raw.length });
}

async function downloadEvent({ web, req, res, store, integration }: IntegrationCall): Promise<undefined> {
  sendBody(res, await eventOf(web, req, { store, integration }));
}

async function replayEvent({ web, req, principal, store, integration }: IntegrationCall): Promise<Reply> {
  const { id } = await eventOf(web, req, { store, integration });
  const { state } = await web.events.replay(store.id, id);
  await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: id, ip: req.ip });
  return accepted({ id, state });
}

async function replayEvents({ web, req, principal, store, integration, body }: IntegrationCall<Replay>): Promise<Reply> {
  const { events, from, until, states, dryRun = false } = body;
  const asked = {
    ids: events,
    from: from === undefined ? undefined : new Date(from),
    until: until === undefined ? undefined : new Date(until),
    states,
  };
  const selection = { storeId: store.id, integrationId: integration.id, ...asked };
  if (dryRun) return ok(await web.replays.preview(selection));
  const replayed = await web.replays.run(selection);
  const detail = { ...asked, ids: events?.length, replayed };
  await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: integration.id, detail, ip: req.ip });
  return accepted({ replayed });
}

async function listTrays({ web, query }: Call<unknown, PageQuery>): Promise<Reply> {
  const { page, next } = pageIn(await web.replays.trays(), query, ({ pluginId, state, reason }) =>
    [pluginId, state, reason].join(),
  );
  return ok({ trays: page, next });
}

function shown<E extends Pick<EventView, 'storeId' | 'integrationId'>>({ storeId: _, integrationId: __, ...event }: E) {
  return event;
}

const ONE = '/api/stores/:store/integrations/:integration/events';
const tag = 'Events';
const one = at(inIntegration);

export const eventRoutes: readonly ApiRoute[] = [
  one({
    on: `GET ${ONE}`,
    tag,
    does: 'List what the provider told us',
    query: EventsQuery,
    answers: {
      200: {
        says: 'Latest first, and what became of each.',
        schema: pageOf('events', EVENT, { unlisted: UNLISTED }),
        live: true,
      },
    },
    run: listEvents,
  }),
  one({
    on: `GET ${ONE}/kept`,
    tag,
    does: 'Count what failed or waits, and why',
    answers: { 200: { says: 'The twenty most frequent, those first.', schema: object({ kept: listOf(KEPT) }) } },
    run: async ({ web, store, integration }) => ok({ kept: await web.replays.kept(store.id, integration.id) }),
  }),
  one({
    on: `POST ${ONE}/replay`,
    tag,
    does: 'Handle many again',
    need: 'manage',
    body: Replay,
    once: true,
    examples: { 'all that failed': { states: ['dead'] }, 'what would happen': { dryRun: true } },
    problems: ['INTEGRATION_NOT_ACTIVE', 'PLUGIN_UNAVAILABLE', 'RECONNECT_NEEDED'],
    answers: {
      200: { says: 'With `dryRun`: what would happen.', schema: PREVIEW },
      202: { says: 'How many are handled again.', schema: REPLAYED },
    },
    run: replayEvents,
  }),
  one({
    on: `GET ${ONE}/:event`,
    tag,
    does: 'Read an event',
    answers: { 200: { says: 'With its headers (secrets removed) and the trail of its attempts.', schema: WHOLE_EVENT } },
    run: showEvent,
  }),
  one({
    on: `GET ${ONE}/:event/body`,
    tag,
    does: 'Download its body',
    need: 'manage',
    answers: {
      200: { says: 'The bytes as they came.', schema: { type: 'string', format: 'binary' }, type: 'application/octet-stream' },
    },
    run: downloadEvent,
  }),
  one({
    on: `POST ${ONE}/:event/replay`,
    tag,
    does: 'Handle one again',
    need: 'manage',
    once: true,
    problems: ['CONFLICT'],
    answers: { 202: { says: 'It is pending.', schema: object({ id: uuid, state: text }) } },
    run: replayEvent,
  }),
  operator({
    on: 'GET /api/admin/events',
    tag: 'Administration',
    does: 'Count what belongs to no integration',
    query: PageQuery,
    answers: { 200: { says: 'By plugin and reason.', schema: pageOf('trays', TRAY) } },
    run: listTrays,
  }),
];

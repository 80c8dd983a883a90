import { IsIn } from 'class-validator';
import { SCHEDULE_CHOICES } from '../../syncs/syncs.ts';
import { pageIn } from '../http/cursor.ts';
import { Says } from '../http/dto.ts';
import { param } from '../http/request.ts';
import { inIntegration } from './place.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, at, type IntegrationCall, ok, type Reply } from './route.ts';
import { moment, named, object, orNull, pageOf, text, whole } from './schema.ts';

class SetSchedule {
  @Says('Null switches it off.')
  @IsIn(SCHEDULE_CHOICES)
  everyMinutes!: number | null;
}

const SCHEDULE = named(
  'Schedule',
  object({ stream: text, title: text, everyMinutes: { ...orNull(whole), description: 'Null: off.' }, nextRunAt: orNull(moment) }),
);

async function list({ web, store, integration, query }: IntegrationCall<unknown, PageQuery>): Promise<Reply> {
  const all = await web.syncs.schedules(store.id, integration.id);
  const { page, next } = pageIn(all, query, ({ stream }) => stream);
  return ok({ schedules: page.map(told), next });
}

async function set({ web, req, store, integration, body }: IntegrationCall<SetSchedule>): Promise<Reply> {
  const wanted = { stream: param(req, 'stream'), everyMinutes: body.everyMinutes };
  return ok(told(await web.syncs.setSchedule(store.id, integration.id, wanted)));
}

function told({ nextRunAt = undefined, ...schedule }: Awaited<ReturnType<IntegrationCall['web']['syncs']['setSchedule']>>) {
  return { ...schedule, nextRunAt: nextRunAt ?? null };
}

const ONE = '/api/stores/:store/integrations/:integration/schedules';
const tag = 'Runs';
const one = at(inIntegration);

export const scheduleRoutes: readonly ApiRoute[] = [
  one({
    on: `GET ${ONE}`,
    tag,
    does: 'List how often it syncs',
    query: PageQuery,
    problems: ['PLUGIN_UNAVAILABLE'],
    answers: { 200: { says: 'Every stream that can be synced.', schema: pageOf('schedules', SCHEDULE) } },
    run: list,
  }),
  one({
    on: `PUT ${ONE}/:stream`,
    tag,
    does: 'Set how often a stream syncs',
    need: 'manage',
    body: SetSchedule,
    problems: ['PLUGIN_UNAVAILABLE'],
    examples: { hourly: { everyMinutes: 60 }, off: { everyMinutes: null } },
    answers: { 200: { says: 'As it is now.', schema: SCHEDULE } },
    run: set,
  }),
];

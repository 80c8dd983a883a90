import { NotFound } from '../../sdk/errors.ts';
import type { Run, RunStatus } from '../../syncs/syncs.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { anyText, InQuery, oneOf, time } from '../http/dto.ts';
import { param, wantsStream } from '../http/request.ts';
import { runJson } from '../integration-json.ts';
import { streamRuns } from './live-progress.ts';
import { inIntegration } from './place.ts';
import { OffsetQuery } from './query.ts';
import { type ApiRoute, accepted, at, type IntegrationCall, ok, type Reply } from './route.ts';
import { pageOf } from './schema.ts';
import { RUN, RUN_STATUS } from './schemas.ts';

class RunsQuery extends OffsetQuery {
  @InQuery(anyText())
  readonly stream?: string;

  @InQuery(oneOf(RUN_STATUS))
  readonly status?: RunStatus;

  @InQuery(time, 'Asked for at this time or later.')
  readonly from?: Date;

  @InQuery(time, 'Asked for before it.')
  readonly until?: Date;
}

async function listRuns(call: IntegrationCall<unknown, RunsQuery>): Promise<Reply | undefined> {
  if (wantsStream(call.req)) return streamRuns({ ...call, query: {} });
  const { web, store, integration, query } = call;
  const { cursor, ...sought } = query;
  const after = positionOf(cursor);
  const { runs, next } = await web.runLists.page({ storeId: store.id, integrationId: integration.id, ...sought, after });
  return ok({ runs: runs.map(runJson), next: cursorOf(next) });
}

async function getRun(call: IntegrationCall): Promise<Reply> {
  return ok(runJson(await ownRun(call)));
}

async function cancelRun(call: IntegrationCall): Promise<Reply> {
  const { web, store } = call;
  const run = await ownRun(call);
  await web.syncs.cancel(store.id, run.id);
  return accepted(runJson(await web.syncs.run(store.id, run.id)));
}

async function ownRun({ web, req, store, integration }: IntegrationCall): Promise<Run> {
  const run = await web.syncs.run(store.id, param(req, 'run'));
  if (run.integrationId === integration.id) return run;
  throw new NotFound('This integration has no such run.');
}

const ONE = '/api/stores/:store/integrations/:integration';
const tag = 'Runs';
const one = at(inIntegration);
const LIST = {
  tag,
  does: 'List its runs',
  query: RunsQuery,
  answers: { 200: { says: 'Latest first.', schema: pageOf('runs', RUN), live: true } },
  run: listRuns,
} as const;

export const runRoutes: readonly ApiRoute[] = [
  one({ ...LIST, on: `GET ${ONE}/runs` }),
  one({ ...LIST, on: `GET ${ONE}/logs`, more: 'Another name of `runs`.' }),
  one({
    on: `GET ${ONE}/runs/:run`,
    tag,
    does: 'Read a run',
    answers: { 200: { says: 'How far it is, or how it ended.', schema: RUN } },
    run: getRun,
  }),
  one({
    on: `POST ${ONE}/runs/:run/cancel`,
    tag,
    does: 'Cancel a run',
    more: 'One that waits ends at once; one at work stops at its next page and keeps what it has.',
    need: 'sync',
    once: true,
    problems: ['CONFLICT'],
    answers: { 202: { says: 'As it is now.', schema: RUN } },
    run: cancelRun,
  }),
];

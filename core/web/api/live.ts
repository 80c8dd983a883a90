import { anyText, InQuery } from '../http/dto.ts';
import { streamRuns } from './live-progress.ts';
import { inIntegration, inStore } from './place.ts';
import { type ApiRoute, at } from './route.ts';

class LiveQuery {
  @InQuery(anyText(36), 'This run only.')
  readonly run?: string;
}

const LIVE = {
  tag: 'Runs',
  does: 'Follow how far runs are',
  more: 'Server-sent events: `runs` with what waits or is at work each time it has changed, `end` once nothing does.',
  query: LiveQuery,
  problems: ['RATE_LIMIT_EXCEEDED'],
  answers: { 200: { says: 'It goes on until nothing is at work.', schema: { type: 'string' }, type: 'text/event-stream' } },
  run: streamRuns,
} as const;

export const liveRoutes: readonly ApiRoute[] = [
  at(inStore)({ ...LIVE, on: 'GET /api/stores/:store/runs/live' }),
  at(inIntegration)({ ...LIVE, on: 'GET /api/stores/:store/integrations/:integration/runs/live' }),
];

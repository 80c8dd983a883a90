import type { Request, Response } from 'express';
import { tooManyRequests } from './errors.ts';
import { EventStream } from './event-stream.ts';
import { principalOf, requireStore } from './guard.ts';
import type { LiveRun } from './live-runs.ts';
import { param, queryText } from './request.ts';
import type { Route } from './route.ts';
import type { Web } from './services.ts';
import { progressView } from './view-models/progress-view.ts';

/** How far runs are, as server-sent events. */
export const liveRoutes: readonly Route[] = [
  { on: 'GET /api/stores/:store/runs/live', who: 'signed-in', run: streamRuns },
  { on: 'GET /api/stores/:store/integrations/:integration/runs/live', who: 'signed-in', run: streamRuns },
];

/**
 * `text/event-stream`: `runs` with what waits or is at work, each time it has changed; `end` once nothing does. `?run=` narrows
 * it down to one run.
 * @throws Rejected (`RATE_LIMIT_EXCEEDED`) beyond four at once per session or key
 */
async function streamRuns(web: Web, req: Request, res: Response): Promise<void> {
  const store = await requireStore(web, req, 'view');
  const named = param(req, 'integration');
  const integrationId = named ? (await web.integrationStore.find(store.id, named)).id : undefined;
  const runId = queryText(req, 'run');
  const { kind, userId, sessionId = '', apiKeyId = '' } = principalOf(req);
  const leaveSeat = web.live.admit([kind, userId, sessionId, apiKeyId].join(' '));
  if (!leaveSeat) throw tooManyRequests(10);
  const concerns = (run: LiveRun) =>
    (integrationId === undefined || run.integrationId === integrationId) && (runId === undefined || run.id === runId);
  const events = new EventStream(res);
  const leave = web.live.look(
    store.id,
    (runs) => {
      const mine = runs.filter(concerns);
      events.send('runs', JSON.stringify({ runs: mine.map(liveJson) }));
      if (mine.length === 0) events.end('end');
    },
    () => events.end(),
  );
  res.on('close', () => {
    leave();
    leaveSeat();
  });
}

function liveJson(run: LiveRun): Record<string, unknown> {
  const { id, integrationId, stream, status, pages, seen, total = null, failed, cancelling } = run;
  const { text, percent, perSecond, remaining, secondsLeft } = progressView(run);
  const told = { text, percent, perSecond, remaining, secondsLeft };
  const known = Object.fromEntries(Object.entries(told).map(([name, value]) => [name, value ?? null]));
  return { id, integration: integrationId, stream, status, pages, seen, total, failed, cancelling, ...known };
}

import { tooManyRequests } from '../http/errors.ts';
import { EventStream } from '../http/event-stream.ts';
import { readerOf } from '../http/language.ts';
import type { LiveRun } from '../live-runs.ts';
import { progressView } from '../view-models/progress-view.ts';
import { ANYBODY, forReader } from '../words/reader.ts';
import type { InIntegration, StoreCall } from './route.ts';
import { isStillAllowed } from './still-allowed.ts';

/**
 * `text/event-stream`: `runs` with what waits or is at work, each time it has changed; `end` once nothing does. `?run=` narrows
 * it down to one run.
 * @throws Rejected (`RATE_LIMIT_EXCEEDED`) beyond four at once per session or key
 */
export async function streamRuns(
  call: StoreCall<unknown, { readonly run?: string }> & Partial<InIntegration>,
): Promise<undefined> {
  const { web, req, res, principal, store, integration, query } = call;
  const [integrationId, runId] = [integration?.id, query.run];
  const { kind, userId, sessionId = '', apiKeyId = '' } = principal;
  const leaveSeat = web.live.admit([kind, userId, sessionId, apiKeyId].join(' '));
  if (!leaveSeat) throw tooManyRequests(10);
  const concerns = (run: LiveRun) =>
    (integrationId === undefined || run.integrationId === integrationId) && (runId === undefined || run.id === runId);
  const reader = principal.kind === 'session' ? readerOf(web, req) : ANYBODY;
  const events = new EventStream(res, { mayGoOn: () => isStillAllowed({ web, req, store }) });
  const leave = web.live.look(
    store.id,
    (runs) => {
      const mine = runs.filter(concerns);
      // Whoever reads the page reads this in it; the clock that calls here belongs to nobody.
      events.send(
        'runs',
        forReader(reader, () => JSON.stringify({ runs: mine.map(liveJson) })),
      );
      if (mine.length === 0) events.end('end');
    },
    () => events.end(),
  );
  events.onGone(() => {
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

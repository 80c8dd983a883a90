import type { EventView } from '../../inbox/event-store.ts';
import { tooManyRequests } from '../http/errors.ts';
import { EventStream } from '../http/event-stream.ts';
import type { IntegrationCall } from './route.ts';
import { isStillAllowed } from './still-allowed.ts';

/** Of one reading; whoever gets more than this in a second reads the list. */
const MOST = 200;

/**
 * `text/event-stream`: `event` for each message of an integration that arrives from now on, or whose state has changed since
 * it was told. It goes on until the caller leaves.
 * @throws Rejected (`RATE_LIMIT_EXCEEDED`) beyond four at once per session or key
 */
export async function streamEvents({ web, req, res, principal, store, integration }: IntegrationCall): Promise<undefined> {
  const { kind, userId, sessionId = '', apiKeyId = '' } = principal;
  const leaveSeat = web.live.admit([kind, userId, sessionId, apiKeyId].join(' '));
  if (!leaveSeat) throw tooManyRequests(10);
  const stream = new EventStream(res, { mayGoOn: () => isStillAllowed({ web, req, store }) });
  const scope = { storeId: store.id, integrationId: integration.id, from: new Date(), limit: MOST };
  const told = new Map<string, string>();
  const tell = async () => {
    const { events } = await web.eventLists.page(scope);
    for (const event of events.reverse()) {
      if (told.get(event.id) === event.state) continue;
      told.set(event.id, event.state);
      stream.send('event', JSON.stringify(shown(event)));
    }
  };
  // One reading at a time; what fails once is read with the next.
  let isReading = false;
  const turn = () => {
    if (isReading) return;
    isReading = true;
    tell()
      .catch((error: unknown) => web.log.warn({ err: error }, 'live events could not be read'))
      .finally(() => {
        isReading = false;
      });
  };
  const leave = web.live.look(store.id, turn, () => stream.end());
  stream.onGone(() => {
    leave();
    leaveSeat();
  });
}

function shown({ storeId: _, integrationId: __, ...event }: EventView) {
  return event;
}

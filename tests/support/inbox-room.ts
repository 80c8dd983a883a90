import { createHmac, randomBytes } from 'node:crypto';
import { EventClaimStore } from '../../core/inbox/claim-store.ts';
import { WebhookDedupeEntity, WebhookEventEntity, WebhookQueueEntity } from '../../core/inbox/event-entity.ts';
import { EventStore } from '../../core/inbox/event-store.ts';
import { InboxWorker, type InboxWorkerOptions } from '../../core/inbox/handle.ts';
import { Intake, type IntakeOptions } from '../../core/inbox/intake.ts';
import { SpoolStore } from '../../core/inbox/spool-store.ts';
import { TrayStore } from '../../core/inbox/tray-store.ts';
import { UpkeepStore } from '../../core/inbox/upkeep-store.ts';
import type { Integration } from '../../core/integrations/integration-store.ts';
import { createLog } from '../../core/log.ts';
import type { RunnablePlugin, Template } from '../../core/plugins/registry.ts';
import { type Handlers, type HubEvent, hmac, type Incoming, Rejected, type Webhook } from '../../core/sdk/index.ts';
import type { TestDatabase } from './database.ts';
import type { FakeOAuthProvider } from './fake-oauth-provider.ts';
import { acmeHandlers, acmePlugin } from './fake-plugin.ts';
import { INTEGRATION_ENTITIES, integrationsRoom, newStore } from './integrations-room.ts';
import { until } from './wait.ts';

export const INBOX_ENTITIES = [...INTEGRATION_ENTITIES, WebhookEventEntity, WebhookQueueEntity, WebhookDedupeEntity];
const APP_KEY = 'whsec_of-the-operators-app';

/** A webhook whose body is a list of events, signed with the app's key, or with the integration's own. */
export function acmeWebhook(changes: Partial<Webhook> = {}): Webhook {
  return {
    scope: 'app',
    retryStatus: 429,
    challenge: (req) => (req.query['challenge'] ? { status: 200, body: req.query['challenge'] } : undefined),
    verify: (req, keys) =>
      hmac('sha256', keys.integration['signingKey'] ?? keys.app['webhookKey'], req.raw, req.headers['x-acme-sig']),
    events(req) {
      const body: unknown = JSON.parse(Buffer.from(req.raw).toString());
      if (!Array.isArray(body)) throw new Rejected('A list of events was expected.');
      return body as HubEvent[];
    },
    ack: () => ({ status: 202, body: 'thanks' }),
    ...changes,
  };
}

export function event(id: string, more: Partial<HubEvent> = {}): HubEvent {
  return { id, type: 'ContactUpdate', account: 'acc-1', object: `contact:${id}`, data: { name: `Contact ${id}` }, ...more };
}

/** A call as the provider would make it. */
export function call(body: unknown, { key = APP_KEY, ...more }: Partial<Incoming> & { key?: string } = {}): Incoming {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const headers = { 'content-type': 'application/json', 'x-acme-sig': createHmac('sha256', key).update(raw).digest('hex') };
  return {
    method: 'POST',
    url: 'https://hub.example/webhooks/acme',
    query: {},
    headers,
    raw,
    receivedAt: new Date().toISOString(),
    ...more,
  };
}

/** The inbox on the real rooms below it, with a fake plugin whose webhook a test sets. */
export async function inboxRoom(db: TestDatabase, provider: FakeOAuthProvider) {
  const state: {
    webhook: Webhook | undefined;
    actions: Handlers['actions'];
    template: Template['state'];
    app: Record<string, string>;
  } = {
    webhook: acmeWebhook(),
    actions: undefined,
    template: 'ready',
    app: { webhookKey: APP_KEY },
  };
  // Of its own, so that what one test leaves in the unmatched tray is no business of the next one.
  const pluginId = `acme-${randomBytes(4).toString('hex')}`;
  const plugin = (): RunnablePlugin => {
    const { webhook, actions } = state;
    const handlers = { ...acmeHandlers(), ...(webhook && { webhook }), ...(actions && { actions }) };
    return { ...acmePlugin(handlers as unknown as Handlers<never>), id: pluginId };
  };
  const room = integrationsRoom({ dataSource: db.dataSource, provider, plugin });
  const registry = {
    get: (id: string) => (id === pluginId && state.template === 'ready' ? plugin() : undefined),
    template: (id: string) => (id === pluginId ? ({ id, state: state.template } as Template) : undefined),
  };
  const [events, claims, trays] = [
    new EventStore(db.dataSource),
    new EventClaimStore(db.dataSource),
    new TrayStore(db.dataSource),
  ];
  const log = createLog('silent');
  const parts = {
    registry,
    integrations: room.store,
    events,
    claims,
    spool: new SpoolStore(db.dataSource),
    trays,
    upkeep: new UpkeepStore(db.dataSource),
    contexts: room.contexts,
    effects: room.effects,
    log,
  };
  const own = { credentials: room.credentials, vault: room.vault, appFields: () => state.app };
  const { store, owner } = await newStore(db.dataSource);
  const workers: InboxWorker[] = [];
  return {
    ...room,
    state,
    pluginId,
    storeId: store.id,
    owner,
    events,
    claims,
    trays,
    intake: new Intake({ ...parts, ...own }),
    /** A second host's. */
    intakeWith: (more: Partial<IntakeOptions>) => new Intake({ ...parts, ...own, ...more }),
    /** Not started; stopped by `close`. */
    worker(tuning: Partial<InboxWorkerOptions> = {}): InboxWorker {
      const worker = new InboxWorker({ ...parts, databaseUrl: db.url, ...tuning });
      workers.push(worker);
      return worker;
    },
    /** A connected integration of the account `acc-1`, in this store or another. */
    async connect(where: Pick<Awaited<ReturnType<typeof newStore>>, 'store' | 'owner'> = { store, owner }): Promise<Integration> {
      const fields = { key: 'key-acc-1-0123456789' };
      return (await room.connect.manual({ store: where.store, principal: where.owner, pluginId, fields })).integration;
    },
    /** Everything the inbox holds of this plugin, sorted in. */
    async rows(): Promise<
      { id: string; eventId: string; state: string; reason: string | null; attempts: number; storeId: string | null }[]
    > {
      await sortAll(parts.spool);
      return room.sql.query(
        `select e.id, event_id as "eventId", state, reason, coalesce(q.attempts, e.attempts) as attempts, e.store_id as "storeId"
         from webhook_events e left join webhook_queue q on q.id = e.id where plugin_id = $1 order by e.seq`,
        [pluginId],
      );
    },
    async close(): Promise<void> {
      for (const worker of workers) await worker.stop();
      await room.egress.close();
    },
  };
}

/** All that was spooled. */
export async function sortAll(spool: SpoolStore): Promise<void> {
  await until(async () => !(await spool.sort()).waits, { what: 'all that was spooled' });
}

export type InboxRoom = Awaited<ReturnType<typeof inboxRoom>>;

import { v7 } from 'uuid';
import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Paging, Position } from '../database/list-page.ts';
import type { Sql } from '../database/transaction.ts';
import { NotFound, Rejected, TryLater } from '../sdk/errors.ts';
import { type DeliverOptions, deliver, secretPlace } from './deliver.ts';
import type { Delivery } from './delivery-store.ts';
import { auditDetail, checkedKinds, checkedUrl } from './endpoint-check.ts';
import type { Endpoint, EndpointChange } from './endpoint-store.ts';
import type { IncidentStore } from './incident-store.ts';
import type { EventKind, Occurrence } from './occurrence-store.ts';
import { newWebhookSecret } from './webhook-signature.ts';

export interface WebhooksOptions extends DeliverOptions {
  readonly audit: Audit;
  readonly incidents: IncidentStore;
}

export interface NewEndpoint {
  readonly storeId: string;
  readonly principal: Principal;
  readonly url: string;
  readonly description?: string | undefined;
  readonly kinds: readonly EventKind[];
}

interface Named {
  readonly storeId: string;
  readonly id: string;
  readonly principal: Principal;
}

const QUEUE = 'webhook-delivery';
const UPKEEP = 'webhook-upkeep';
const MOST_ENDPOINTS = 10;
/** Of one endpoint that wait to go out, before somebody may add more by hand. */
const MOST_WAITING = 20;
const TEST = 'webhook.test';

/** Events out to a store's own systems, as Standard Webhooks has them. */
export class Webhooks {
  readonly #parts: WebhooksOptions;

  constructor(parts: WebhooksOptions) {
    this.#parts = parts;
    const options = { concurrency: 10, perStore: 2, expireInSeconds: 120 };
    parts.jobs.define<{ storeId: string; id: string }>(QUEUE, options, (job) => deliver(parts, QUEUE, job));
    parts.jobs.define(UPKEEP, { concurrency: 1, retryLimit: 0, policy: 'exclusive' }, () => this.#upkeep());
    parts.jobs.every(UPKEEP, '11,41 * * * *');
  }

  list(storeId: string): Promise<Endpoint[]> {
    return this.#parts.endpoints.list(storeId);
  }

  /** @throws NotFound */
  async get(storeId: string, id: string): Promise<Endpoint> {
    const endpoint = await this.#parts.endpoints.find(storeId, id);
    if (endpoint) return endpoint;
    throw new NotFound('There is no such webhook in this store; it may have been removed.');
  }

  /** @returns the secret, this once; throws Rejected for an address that cannot be called */
  async create({ storeId, principal, url, description, kinds }: NewEndpoint): Promise<{ endpoint: Endpoint; secret: string }> {
    const { endpoints, vault, audit } = this.#parts;
    const [id, secret] = [v7(), newWebhookSecret()];
    const sealed = await vault.seal(secretPlace({ storeId, id }), secret);
    const checked = { url: checkedUrl(url), kinds: checkedKinds(kinds) };
    await endpoints.transaction(async (sql) => {
      await endpoints.lock(sql, storeId);
      if ((await endpoints.list(storeId, sql)).length >= MOST_ENDPOINTS) {
        throw new Rejected(`A store may have ${MOST_ENDPOINTS} webhooks; remove one first.`, { code: 'CONFLICT' });
      }
      await endpoints.insert(sql, { storeId, id, description: description?.trim() || null, secret: sealed, ...checked });
      await audit.record({ storeId, principal, action: 'webhook.create', target: id, detail: auditDetail(checked) }, sql);
    });
    return { endpoint: await this.get(storeId, id), secret };
  }

  /** @throws NotFound, Rejected */
  async change({ storeId, id, principal }: Named, change: EndpointChange): Promise<Endpoint> {
    const { endpoints, deliveries, audit, incidents } = this.#parts;
    const before = await this.get(storeId, id);
    const checked = {
      ...change,
      ...(change.url !== undefined && { url: checkedUrl(change.url) }),
      ...(change.kinds && { kinds: checkedKinds(change.kinds) }),
    };
    await endpoints.transaction(async (sql) => {
      await endpoints.change(sql, before, checked);
      if (change.enabled === false) await deliveries.giveUp(sql, before);
      if (change.enabled) await incidents.close({ storeId, about: id }, sql);
      await audit.record({ storeId, principal, action: 'webhook.change', target: id, detail: auditDetail(checked) }, sql);
    });
    return this.get(storeId, id);
  }

  /** @returns the new secret, this once; the one before signs as well for a day */
  async rotate({ storeId, id, principal }: Named): Promise<{ endpoint: Endpoint; secret: string }> {
    const { endpoints, vault, audit } = this.#parts;
    const endpoint = await this.get(storeId, id);
    const secret = newWebhookSecret();
    const sealed = await vault.seal(secretPlace(endpoint), secret);
    await endpoints.transaction(async (sql) => {
      const former = await endpoints.secrets(storeId, id, sql);
      await endpoints.rotate(sql, endpoint, { secret: sealed, formerSecret: former?.secret ?? null });
      await audit.record({ storeId, principal, action: 'webhook.rotate', target: id }, sql);
    });
    return { endpoint: await this.get(storeId, id), secret };
  }

  /** What waits for it goes with it. */
  async remove({ storeId, id, principal }: Named): Promise<void> {
    const { endpoints, audit, incidents } = this.#parts;
    const { url } = await this.get(storeId, id);
    await endpoints.transaction(async (sql) => {
      await endpoints.remove(sql, storeId, id);
      await incidents.close({ storeId, about: id }, sql);
      await audit.record({ storeId, principal, action: 'webhook.remove', target: id, detail: auditDetail({ url }) }, sql);
    });
  }

  /** Sends a message that says nothing. @returns its delivery's id */
  async test(storeId: string, id: string): Promise<string> {
    const endpoint = await this.get(storeId, id);
    const data = { store: storeId, message: 'This is a test.' };
    return this.#parts.endpoints.transaction(async (sql) => {
      await this.#checkRoom(sql, endpoint);
      return this.#queue(sql, endpoint, { type: TEST, at: new Date(), data });
    });
  }

  /** @throws NotFound */
  async delivery(storeId: string, endpointId: string, id: string): Promise<Delivery & { body: string }> {
    const found = await this.#parts.deliveries.find(storeId, id);
    if (found?.endpointId === endpointId) return found;
    throw new NotFound('There is no such delivery; it may have ended more than 30 days ago.');
  }

  /** Latest first. @throws NotFound */
  async deliveries(storeId: string, id: string, paging: Paging): Promise<{ deliveries: Delivery[]; next: Position | undefined }> {
    const { id: endpointId } = await this.get(storeId, id);
    return this.#parts.deliveries.page({ storeId, endpointId }, paging);
  }

  /** The same message under the same id. @throws NotFound */
  async replay({ storeId, id, principal }: Named, deliveryId: string): Promise<void> {
    const { endpoints, deliveries, jobs, audit } = this.#parts;
    const delivery = await this.delivery(storeId, id, deliveryId);
    await endpoints.transaction(async (sql) => {
      await this.#checkRoom(sql, { storeId, id });
      if (!(await deliveries.again(sql, delivery))) throw new Rejected('This message is on its way.', { code: 'CONFLICT' });
      await jobs.send(QUEUE, { storeId, id: deliveryId }, { sql });
      await audit.record({ storeId, principal, action: 'webhook.replay', target: id, detail: { delivery: deliveryId } }, sql);
    });
  }

  /** Queues one message for each who listens, as part of that transaction. */
  async publish({ storeId, kind, integrationId, detail, at }: Occurrence, sql: Sql): Promise<void> {
    if (kind === 'integration.ends_soon') return;
    const { run, plugin, name, account, status, reason = null, message = null } = detail;
    const integration = { id: integrationId, plugin, name, account, status, reason, message };
    const data = { store: storeId, integration, ...(run && { run }) };
    for (const endpoint of await this.#parts.endpoints.listening(sql, storeId, kind)) {
      await this.#queue(sql, endpoint, { type: kind, at, data });
    }
  }

  /** @throws TryLater where enough waits there already */
  async #checkRoom(sql: Sql, { storeId, id }: Pick<Endpoint, 'storeId' | 'id'>): Promise<void> {
    const { endpoints, deliveries } = this.#parts;
    await endpoints.lock(sql, storeId);
    if ((await deliveries.countWaiting(sql, storeId, id)) < MOST_WAITING) return;
    const message = `${MOST_WAITING} messages wait to go there; wait until they have gone out.`;
    throw new TryLater(message, { code: 'RATE_LIMIT_EXCEEDED', afterSeconds: 60 });
  }

  async #queue(
    sql: Sql,
    { storeId, id: endpointId }: Endpoint,
    message: { type: string; at: Date; data: object },
  ): Promise<string> {
    const { deliveries, jobs } = this.#parts;
    const { type, at, data } = message;
    const id = v7();
    const body = JSON.stringify({ id, type, timestamp: at.toISOString(), data });
    await deliveries.insert(sql, { storeId, id, endpointId, kind: type, body });
    await jobs.send(QUEUE, { storeId, id }, { sql });
    return id;
  }

  async #upkeep(): Promise<void> {
    const { deliveries, jobs } = this.#parts;
    await deliveries.forget();
    for (const one of await deliveries.overdue()) await jobs.send(QUEUE, one);
  }
}

import type { Job } from '../database/job.ts';
import type { Jobs } from '../database/jobs.ts';
import type { Egress } from '../egress/client.ts';
import { pauseAsked } from '../egress/retry.ts';
import { hubError } from '../sdk/errors.ts';
import type { SecretContext, Vault } from '../vault/secret.ts';
import type { Delivery, DeliveryStore } from './delivery-store.ts';
import type { Endpoint, EndpointStore } from './endpoint-store.ts';
import type { NewIncident } from './incident-store.ts';
import { signatureHeaders } from './webhook-signature.ts';

export interface DeliverOptions {
  readonly endpoints: EndpointStore;
  readonly deliveries: DeliveryStore;
  readonly egress: Pick<Egress, 'send'>;
  readonly vault: Pick<Vault, 'seal' | 'open'>;
  readonly jobs: Jobs;
  readonly brandName: string;
  /** Somebody has to be told. */
  readonly alarm: (incident: NewIncident) => Promise<void>;
}

/** What it is called by where calls are counted and mapped. */
const CALLER = 'webhooks';
const TIMEOUT_MS = 15_000;
/** Before each further attempt, in seconds: as Standard Webhooks proposes, over a day and a bit. */
const PAUSES = [5, 300, 1800, 7200, 18_000, 36_000, 36_000];
const GIVE_UP_AFTER_MS = 5 * 86_400_000;

/** Where the secrets of an endpoint are sealed for. */
export function secretPlace({ storeId, id }: Pick<Endpoint, 'storeId' | 'id'>): SecretContext {
  return { store: storeId, owner: id, field: 'secret' };
}

/** One attempt; what fails is tried again later, what fails for days is switched off. */
export async function deliver(
  parts: DeliverOptions,
  queue: string,
  { data }: Job<{ storeId: string; id: string }>,
): Promise<void> {
  const { endpoints, deliveries } = parts;
  const delivery = await deliveries.waiting(data);
  const endpoint = delivery && (await endpoints.find(data.storeId, delivery.endpointId));
  if (!delivery || !endpoint) return;
  const failed = await attempt(parts, endpoint, delivery);
  if (failed.reason === undefined) {
    await deliveries.delivered(delivery, failed.statusCode);
    await endpoints.works(endpoint.storeId, endpoint.id);
    return;
  }
  await again(parts, queue, { endpoint, delivery, failed });
}

/** `rest`: how many seconds the receiver asks to be left alone. */
type Failed = { statusCode: number | null; reason: string; rest: number };
type Outcome = { statusCode: number; reason: undefined } | Failed;

async function attempt(parts: DeliverOptions, endpoint: Endpoint, { id, body }: Delivery & { body: string }): Promise<Outcome> {
  const url = new URL(endpoint.url);
  const sealed = await parts.endpoints.secrets(endpoint.storeId, endpoint.id);
  const secrets = [sealed?.secret, sealed?.formerSecret].filter((one): one is string => typeof one === 'string');
  const opened = await Promise.all(secrets.map((one) => parts.vault.open(secretPlace(endpoint), one)));
  const headers = {
    ...signatureHeaders({ id, at: new Date(), body }, opened),
    'content-type': 'application/json',
    accept: '*/*',
    'user-agent': `${parts.brandName.replace(/[^\x20-\x7e]/g, '')} webhooks`,
  };
  try {
    const reply = await parts.egress.send({
      plugin: CALLER,
      url,
      method: 'POST',
      headers,
      body,
      timeoutMs: TIMEOUT_MS,
      hosts: [url.host],
    });
    if (reply.status >= 200 && reply.status < 300) return { statusCode: reply.status, reason: undefined };
    return {
      statusCode: reply.status,
      reason: `It answered ${reply.status}${reply.status >= 300 && reply.status < 400 ? '; redirects are not followed' : ''}.`,
      rest: pauseAsked(reply) ?? 0,
    };
  } catch (error) {
    const known = hubError(error);
    if (!known) throw error;
    return { statusCode: null, reason: known.message, rest: 0 };
  }
}

interface Failure {
  readonly endpoint: Endpoint;
  readonly delivery: Delivery;
  readonly failed: Failed;
}

async function again(parts: DeliverOptions, queue: string, { endpoint, delivery, failed }: Failure): Promise<void> {
  const { endpoints, deliveries, jobs } = parts;
  const gone = failed.statusCode === 410;
  const pause = PAUSES[delivery.attempts];
  const off = await endpoints.transaction(async (sql) => {
    // Undefined for one that is switched off, by somebody else meanwhile perhaps.
    const since = await endpoints.fails(sql, endpoint, failed.reason);
    const why = since && reasonToStop(since, { gone, said: failed.reason });
    const isOver = !since || why || pause === undefined;
    const nextTryAt = isOver ? undefined : new Date(Date.now() + Math.max(pause, failed.rest) * 1000);
    await deliveries.failed(sql, delivery, { ...failed, nextTryAt });
    if (nextTryAt) await jobs.send(queue, { storeId: delivery.storeId, id: delivery.id }, { sql, startAfter: nextTryAt });
    if (!why) return undefined;
    await endpoints.switchOff(sql, endpoint, why);
    await deliveries.giveUp(sql, endpoint);
    return why;
  });
  if (off === undefined) return;
  const { storeId, id, url } = endpoint;
  await parts.alarm({ storeId, kind: 'webhook-failing', about: id, pluginId: null, name: url, message: off, since: new Date() });
}

function reasonToStop(since: Date, { gone, said }: { gone: boolean; said: string }): string | undefined {
  if (gone) return 'It answered 410 (gone), which asks to be called no more.';
  if (Date.now() - since.getTime() < GIVE_UP_AFTER_MS) return undefined;
  return `Nothing could be delivered for five days. The last time: ${said}`;
}

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { testEgress } from '../../tests/support/egress.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { testVault } from '../../tests/support/vault.ts';
import { until } from '../../tests/support/wait.ts';
import { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import { type Sql, sqlOf } from '../database/transaction.ts';
import { type Delivery, DeliveryStore } from './delivery-store.ts';
import { EndpointStore } from './endpoint-store.ts';
import { IncidentStore, type NewIncident } from './incident-store.ts';
import type { Occurrence } from './occurrence-store.ts';
import { Webhooks } from './webhooks.ts';

const URL = 'https://hooks.example.com/in?from=hub';
const KINDS = ['integration.needs_attention'] as const;

interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

let db: TestDatabase;
let sql: Sql;
let webhooks: Webhooks;
let storeId: string;
let principal: Principal;
let answer = 204;
let retryAfter: string | undefined;
let closeReceiver: () => void;
let closeEgress: () => Promise<void>;
const calls: Call[] = [];
/** Answers that are kept back. */
const held: ServerResponse[] = [];
const alarms: NewIncident[] = [];

beforeAll(async () => {
  db = await testDatabase();
  sql = sqlOf(db.dataSource);
  const receiver = createServer((req, res) => {
    let body = '';
    req.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    req.on('end', () => {
      if (req.url === '/never') return void held.push(res);
      calls.push({ path: req.url ?? '', headers: req.headers, body });
      const rest = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
      res.writeHead(answer, answer === 302 ? { location: 'https://elsewhere.example.com/' } : rest).end();
    });
  });
  await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', () => listening()));
  closeReceiver = () => receiver.close().closeAllConnections();
  const { port } = receiver.address() as { port: number };
  const { egress } = testEgress(db, { 'hooks.example.com': `http://127.0.0.1:${port}` });
  closeEgress = () => egress.close();
  const jobs = await db.jobs();
  webhooks = new Webhooks({
    endpoints: new EndpointStore(db.dataSource),
    deliveries: new DeliveryStore(db.dataSource),
    incidents: new IncidentStore(db.dataSource),
    audit: new Audit(sql),
    egress,
    vault: testVault(),
    jobs,
    brandName: 'Acme',
    alarm: async (incident) => void alarms.push(incident),
  });
  await jobs.start();
});
beforeEach(async () => {
  const made = await newStore(db.dataSource);
  storeId = made.store.id;
  principal = made.owner;
  answer = 204;
  retryAfter = undefined;
  calls.length = 0;
  alarms.length = 0;
});
afterAll(async () => {
  await db.close();
  await closeEgress();
  closeReceiver();
});

function make(url = URL) {
  return webhooks.create({ storeId, principal, url, kinds: KINDS });
}

function occurrence(kind: Occurrence['kind'] = 'integration.needs_attention'): Occurrence {
  const detail = {
    plugin: 'mailer',
    name: 'Main list',
    account: 'Ana',
    status: 'error',
    reason: 'RECONNECT_NEEDED',
    message: 'Ended.',
  };
  return { storeId, kind, integrationId: '0190a0a0-0000-7000-8000-000000000001', detail, at: new Date('2026-11-21T10:00:00Z') };
}

async function happens(kind?: Occurrence['kind']): Promise<void> {
  await db.dataSource.transaction((manager) => webhooks.publish(occurrence(kind), sqlOf(manager)));
}

async function sent(endpointId: string): Promise<Delivery[]> {
  return (await webhooks.deliveries(storeId, endpointId, { limit: 10 })).deliveries;
}

function attempted(endpointId: string, fits: (delivery: Delivery) => boolean): Promise<Delivery> {
  const ask = async () => (await sent(endpointId)).find(fits);
  return until(ask, { what: 'the delivery' });
}

/** As https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md says a receiver does it. */
function verifies({ headers, body }: Call, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = createHmac('sha256', key).update(content).digest('base64');
  const fresh = Math.abs(Date.now() / 1000 - Number(headers['webhook-timestamp'])) < 300;
  return (
    fresh &&
    String(headers['webhook-signature'])
      .split(' ')
      .some((one) => one === `v1,${expected}`)
  );
}

describe('a webhook of a store', () => {
  it.each([
    ['http://hooks.example.com/', 'https://'],
    ['https://name:word@hooks.example.com/', 'name and password'],
    ['hooks', 'no web address'],
  ])('is refused for %s', async (url, words) => {
    await expect(make(url)).rejects.toMatchObject({ code: 'VALIDATION_FAILED', message: expect.stringContaining(words) });
    expect(await webhooks.list(storeId)).toEqual([]);
  });

  it('is called with a signature its receiver can check, and only for what was chosen', async () => {
    const { endpoint, secret } = await make();
    await happens('integration.recovered');
    await happens();
    const { id } = await attempted(endpoint.id, ({ state }) => state === 'delivered');
    expect(calls).toHaveLength(1);
    const [call] = calls as [Call];
    expect(call.path).toBe('/in?from=hub');
    expect(verifies(call, secret)).toBe(true);
    expect(verifies({ ...call, body: `${call.body} ` }, secret)).toBe(false);
    expect(call.headers).toMatchObject({ 'webhook-id': id, 'content-type': 'application/json', 'user-agent': 'Acme webhooks' });
    // Automation services show the body and hide the headers: by its id a message that comes twice is known.
    expect(JSON.parse(call.body)).toEqual({
      id,
      type: 'integration.needs_attention',
      timestamp: '2026-11-21T10:00:00.000Z',
      data: {
        store: storeId,
        integration: expect.objectContaining({ plugin: 'mailer', name: 'Main list', status: 'error', message: 'Ended.' }),
      },
    });
  });

  it('stands in the audit log by its host alone: who knows the rest of an address may call it', async () => {
    const { endpoint } = await make('https://hooks.example.com/in/path-token?key=query-token');
    const named = { storeId, id: endpoint.id, principal };
    await webhooks.change(named, { url: 'https://hooks.example.com/in/next-token' });
    await webhooks.change(named, { enabled: false });
    await webhooks.remove(named);
    const rows = await sql.query<{ detail: { url?: string } }>(
      'select detail from audit_entries where store_id = $1 and target = $2 order by id',
      [storeId, endpoint.id],
    );
    const url = 'https://hooks.example.com/…';
    expect(rows.map(({ detail }) => detail)).toEqual([{ url, kinds: expect.any(Array) }, { url }, { enabled: false }, { url }]);
  });

  it('keeps its secret sealed, and signs with the one before for a day after it was replaced', async () => {
    const { endpoint, secret } = await make();
    const rows = await sql.query('select * from webhook_endpoints where store_id = $1', [storeId]);
    expect(JSON.stringify(rows)).not.toContain(secret.slice(6, 20));
    const { secret: fresh, endpoint: changed } = await webhooks.rotate({ storeId, id: endpoint.id, principal });
    expect(changed.formerUntil?.getTime()).toBeGreaterThan(Date.now() + 86_000_000);
    await webhooks.test(storeId, endpoint.id);
    await attempted(endpoint.id, ({ state }) => state === 'delivered');
    expect([secret, fresh].map((one) => verifies(calls[0] as Call, one))).toEqual([true, true]);
    await sql.query(`update webhook_endpoints set former_until = now() where store_id = $1`, [storeId]);
    await webhooks.test(storeId, endpoint.id);
    await until(() => calls.length === 2, { what: 'the second call' });
    expect([secret, fresh].map((one) => verifies(calls[1] as Call, one))).toEqual([false, true]);
  });

  it('that fails is tried again under the same id; redirects are not followed', async () => {
    const { endpoint } = await make();
    answer = 302;
    await happens();
    const failed = await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    const reason = 'It answered 302; redirects are not followed.';
    expect(failed).toMatchObject({ state: 'queued', statusCode: 302, reason });
    expect((await webhooks.get(storeId, endpoint.id)).failingSince).toBeInstanceOf(Date);
    answer = 200;
    await attempted(endpoint.id, ({ state, attempts }) => state === 'delivered' && attempts === 2);
    expect(new Set(calls.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([failed.id]));
    expect(await webhooks.get(storeId, endpoint.id)).toMatchObject({ problem: null, failingSince: null, enabled: true });
  });

  it.each([
    ['an hour', '3600', 3600],
    ['less than the hub would rest anyway', '1', 5],
    ['nothing that makes sense', 'soon', 5],
  ])('that is busy and asks for %s is left alone so long', async (_, asked, seconds) => {
    const { endpoint } = await make();
    answer = 429;
    retryAfter = asked;
    await happens();
    const { nextTryAt, createdAt } = await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    const rest = (nextTryAt.getTime() - createdAt.getTime()) / 1000;
    expect(rest).toBeGreaterThanOrEqual(seconds);
    expect(rest).toBeLessThan(seconds + 600);
  });

  it.each([
    ['says that it is gone', 410, '', '410'],
    ['has not answered for five days', 503, `failing_since = now() - interval '5 days 1 minute'`, 'five days'],
  ])('that %s is switched off, and somebody is told', async (_, status, since, words) => {
    const { endpoint } = await make();
    answer = 503;
    retryAfter = '3600';
    await happens();
    await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    if (since) await sql.query(`update webhook_endpoints set ${since} where id = $1`, [endpoint.id]);
    answer = status;
    await happens();
    await until(() => alarms.length > 0, { what: 'the alarm' });
    expect(alarms).toMatchObject([
      { storeId, kind: 'webhook-failing', about: endpoint.id, message: expect.stringContaining(words) },
    ]);
    expect(await webhooks.get(storeId, endpoint.id)).toMatchObject({ enabled: false, problem: expect.stringContaining(words) });
    const before = calls.length;
    await happens();
    expect((await sent(endpoint.id)).map(({ state }) => state)).toEqual(['failed', 'failed']);
    expect(calls).toHaveLength(before);
  });

  it('that is switched off gets nothing that waited or was under way, and still what is sent by hand', async () => {
    const { endpoint } = await make('https://hooks.example.com/never');
    const named = { storeId, id: endpoint.id, principal };
    await happens();
    const underWay = await until(() => held.pop(), { what: 'the call' });
    answer = 503;
    retryAfter = '3600';
    await webhooks.change(named, { url: URL });
    await happens();
    const { id } = await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    await webhooks.change(named, { enabled: false });
    underWay.writeHead(503).end();
    await attempted(endpoint.id, (one) => one.id !== id && one.attempts === 1);
    const [waited, called] = (await sent(endpoint.id)) as [Delivery, Delivery];
    const reason = 'The webhook was switched off before this arrived.';
    expect([waited, called]).toMatchObject([
      { id, state: 'failed', statusCode: 503, reason, endedAt: expect.any(Date) },
      { state: 'failed', reason: 'It answered 503.', endedAt: expect.any(Date) },
    ]);
    answer = 204;
    await webhooks.replay(named, id);
    await attempted(endpoint.id, (one) => one.id === id && one.state === 'delivered');
    expect(await webhooks.get(storeId, endpoint.id)).toMatchObject({ enabled: false });
  });

  it('cannot be used to look into the network of the hub', async () => {
    const { endpoint } = await make('https://127.0.0.1:5432/');
    await webhooks.test(storeId, endpoint.id);
    const failed = await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    expect(failed).toMatchObject({ statusCode: null, reason: expect.stringContaining('private network') });
  });

  it('sends one again as it was, also after it arrived', async () => {
    const { endpoint } = await make();
    await happens();
    const { id } = await attempted(endpoint.id, ({ state }) => state === 'delivered');
    await webhooks.replay({ storeId, id: endpoint.id, principal }, id);
    await until(() => calls.length === 2, { what: 'the second call' });
    const [first, second] = calls as [Call, Call];
    expect([second.body, second.headers['webhook-id']]).toEqual([first.body, first.headers['webhook-id']]);
  });

  it('that never answers holds up no other store, and takes no more than waits there already', async () => {
    const { endpoint } = await make('https://hooks.example.com/never');
    const tests = await Promise.allSettled(Array.from({ length: 30 }, () => webhooks.test(storeId, endpoint.id)));
    expect(tests.filter(({ status }) => status === 'fulfilled')).toHaveLength(20);
    const refused = tests.find((one) => one.status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'RATE_LIMIT_EXCEEDED' } });
    const other = await newStore(db.dataSource);
    const theirs = await webhooks.create({ storeId: other.store.id, principal: other.owner, url: URL, kinds: KINDS });
    await webhooks.test(other.store.id, theirs.endpoint.id);
    await until(() => calls.length > 0, { what: 'the call of the other store' });
    expect(held.length).toBeLessThanOrEqual(2);
    await webhooks.remove({ storeId, id: endpoint.id, principal });
    for (const res of held.splice(0)) res.end();
  });

  it('is one of ten at most, however many are made at once', async () => {
    await Promise.allSettled(Array.from({ length: 15 }, () => make()));
    expect(await webhooks.list(storeId)).toHaveLength(10);
  });

  it('sends nothing again that is just going out, and at once what was put off', async () => {
    const { endpoint } = await make('https://hooks.example.com/never');
    const named = { storeId, id: endpoint.id, principal };
    const going = () => until(() => held.pop(), { what: 'the call' });
    await happens();
    const first = await going();
    const { id } = await attempted(endpoint.id, () => true);
    await expect(webhooks.replay(named, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    first.writeHead(500).end();
    await attempted(endpoint.id, ({ attempts }) => attempts === 1);
    await webhooks.replay(named, id);
    const second = await going();
    await expect(webhooks.replay(named, id)).rejects.toMatchObject({ code: 'CONFLICT' });
    second.writeHead(204).end();
    await attempted(endpoint.id, ({ state }) => state === 'delivered');
  });

  it('of another store is not there', async () => {
    const { endpoint } = await make();
    await webhooks.test(storeId, endpoint.id);
    const { id } = await attempted(endpoint.id, () => true);
    const other = await newStore(db.dataSource);
    const theirs = { storeId: other.store.id, id: endpoint.id, principal: other.owner };
    const attempts = [
      () => webhooks.get(theirs.storeId, theirs.id),
      () => webhooks.change(theirs, { enabled: false }),
      () => webhooks.rotate(theirs),
      () => webhooks.test(theirs.storeId, theirs.id),
      () => webhooks.deliveries(theirs.storeId, theirs.id, { limit: 1 }),
      () => webhooks.replay(theirs, id),
      () => webhooks.remove(theirs),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toMatchObject({ code: 'NOT_FOUND' });
    expect(await webhooks.get(storeId, endpoint.id)).toMatchObject({ enabled: true });
  });
});

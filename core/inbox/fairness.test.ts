import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type TestDatabase, testDatabase } from '../../tests/support/database.ts';
import { FakeOAuthProvider } from '../../tests/support/fake-oauth-provider.ts';
import { acmeWebhook, call, event, INBOX_ENTITIES, type InboxRoom, inboxRoom } from '../../tests/support/inbox-room.ts';
import { newStore } from '../../tests/support/integrations-room.ts';
import { until } from '../../tests/support/wait.ts';
import { inPipeline } from '../database/pipeline.ts';
import { ALL_HANDLED, CLAIM, HANDLED } from './claim-sql.ts';

const FLOOD = 10_000;
const SINGLE = 20;

let db: TestDatabase;
let provider: FakeOAuthProvider;
let room: InboxRoom;

beforeAll(async () => {
  db = await testDatabase({ entities: INBOX_ENTITIES });
  provider = await new FakeOAuthProvider().start();
  room = await inboxRoom(db, provider);
});
afterAll(async () => {
  await room?.close();
  await provider?.close();
  await db?.close();
});

/** Ten thousand events of one integration, each about an object of its own. */
async function flood(storeId: string, integrationId: string): Promise<void> {
  await room.sql.query(
    `with flood as (
       insert into webhook_queue (store_id, integration_id, lane, seq, id)
       select $1, $2, 'flood:' || n, nextval('webhook_events_arrival'), gen_random_uuid() from generate_series(1, $4::int) n returning *)
     insert into webhook_events (id, seq, plugin_id, store_id, integration_id, event_id, type, object, data, raw, headers, state)
     select id, seq, $3, store_id, integration_id, id::text, 'flood', lane, '{}', '', '{}', 'pending' from flood`,
    [storeId, integrationId, room.pluginId, FLOOD],
  );
}

/** As if its worker had died. @returns its id */
async function abandon(lane: string): Promise<string> {
  const [row] = await room.sql.query<{ id: string }>(
    `update webhook_queue set lease_owner = 'gone', lease_until = now() - interval '1 second' where lane = $1 returning id`,
    [lane],
  );
  return row?.id ?? '';
}

// By counts, so that it says the same on a machine of any speed.
it('a store that is flooded keeps another’s single events, and what a dead worker had, waiting for no more than what is in hand', async () => {
  const flooded = await room.connect();
  const elsewhere = await newStore(db.dataSource);
  const quiet = await room.connect(elsewhere);
  await room.store.update(elsewhere.store.id, quiet.id, { account: { externalId: 'acc-2', label: 'Two' } });
  await flood(room.storeId, flooded.id);
  const abandoned = await abandon('flood:9999');
  let ofFlood = 0;
  const handled = new Map<string, number>();
  room.state.webhook = acmeWebhook({
    onEvent: async (_, { id, type }) => {
      if (type === 'flood') ofFlood += 1;
      if (id === abandoned) handled.set(id, ofFlood);
      if (type !== 'flood') handled.set(id, ofFlood);
      return [];
    },
  });
  const [concurrency, share] = [32, 16];
  const claimed = new Set<string>();
  const claim = room.claims.claim.bind(room.claims);
  room.claims.claim = async (...wanted) => {
    const claims = await claim(...wanted);
    for (const { eventId } of claims) claimed.add(eventId);
    return claims;
  };
  const worker = room.worker({ concurrency, share });
  worker.start();
  await until(() => ofFlood > 2 * concurrency, { what: 'the flood to be under way' });
  const waited: number[] = [];
  for (let at = 0; at < SINGLE; at += 1) {
    const id = `single-${at}`;
    await room.intake.receive(room.pluginId, call([event(id, { account: 'acc-2' })]), {});
    const stored = ofFlood;
    await until(() => handled.has(id), { what: `${id} to be handled` });
    waited.push((handled.get(id) ?? 0) - stored);
  }
  expect(ofFlood).toBeLessThan(FLOOD);
  // Its integration had nothing in hand, so it was handed over as it was stored.
  expect(claimed).not.toContain('single-0');
  expect(handled.get(abandoned)).toBeLessThanOrEqual(concurrency);
  // What was in hand when it came, and what the claim that brought it brought before it.
  expect(Math.max(...waited)).toBeLessThanOrEqual(2 * concurrency);
  await worker.stop();
});

it('what waits takes the hand that a claimed event leaves, though single events of others are handed over all the time', async () => {
  const HANDS = 16;
  await room.sql.query('truncate webhook_queue, webhook_events');
  const places = Array.from({ length: HANDS + 1 }, (_, at) => `turn-${at}`);
  for (const externalId of places) {
    const where = await newStore(db.dataSource);
    const made = await room.connect(where);
    await room.store.update(where.store.id, made.id, { account: { externalId, label: externalId } });
  }
  const busy = new Map<string, () => void>();
  room.state.webhook = acmeWebhook({
    onEvent: async (_, { id }) => {
      await new Promise<void>((resolve) => busy.set(id, resolve));
      return [];
    },
  });
  const receive = (id: string, account: string) => room.intake.receive(room.pluginId, call([event(id, { account })]), {});
  const isBusy = (id: string) => until(() => busy.has(id), { what: `${id} to be in hand` });
  const worker = room.worker({ concurrency: HANDS });
  worker.start();
  try {
    for (const account of places.slice(0, HANDS)) {
      await receive(`of ${account}`, account);
      await isBusy(`of ${account}`);
    }
    await receive('waits', places[HANDS] ?? '');
    // The first was handed over; its hand is for the next of its kind.
    busy.get('of turn-0')?.();
    await until(async () => (await room.rows()).some(({ state }) => state === 'handled'), { what: 'the first to be handled' });
    await receive('handed over', 'turn-0');
    await isBusy('handed over');
    expect(busy.has('waits')).toBe(false);
    busy.get('of turn-1')?.();
    await isBusy('waits');
  } finally {
    for (const done of busy.values()) done();
    await worker.stop();
  }
});

/** Of a plan, as far as it is looked at here. */
interface Node {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Plans?: readonly Node[];
}

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

it.each([
  ['claims', CLAIM],
  ['has handled', HANDLED],
  ['has handled alone', ALL_HANDLED],
])('what a worker %s is found by its keys, also by plans that were made while nothing waited', async (_, text) => {
  await room.sql.query('truncate webhook_queue, webhook_events');
  await room.sql.query('vacuum (analyze) webhook_queue, webhook_events');
  const count = Math.max(...[...text.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number)));
  const [explained] = await inPipeline(db.dataSource, async (sql) => {
    await sql.query(`prepare looked_at as ${text}`);
    const execute = `execute looked_at (${Array.from({ length: count }, () => 'null').join()})`;
    const plans = await sql.query<{ 'QUERY PLAN': readonly { readonly Plan: Node }[] }>(`explain (format json) ${execute}`);
    await sql.query('deallocate looked_at');
    return plans;
  });
  const nodes = (explained?.['QUERY PLAN'] ?? []).flatMap(({ Plan }) => nodesOf(Plan));
  const reads = nodes.filter((node) => /Scan$/.test(node['Node Type']) && node['Relation Name']?.startsWith('webhook_'));
  expect(reads.length).toBeGreaterThan(1);
  // A place is a key of its own.
  const whole = reads.filter((node) => node['Node Type'] !== 'Tid Scan' && node['Index Cond'] === undefined);
  expect(whole).toEqual([]);
});

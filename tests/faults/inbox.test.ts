import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultRoom, faultRoom, type HubChild } from '../support/fault-room.ts';
import { inboundCall } from '../support/inbound-plugin.ts';
import { judge, OutsideChecker, tell } from '../support/outside-checker.ts';
import { until } from '../support/wait.ts';

/** `npm run test:faults` sets them; the defaults are a seed that fits into `npm test`, on a machine of any speed. */
const {
  shipped = false,
  callers = 4,
  kills = 3,
  awayMs = 3000,
  shuffled = 400,
  servesMs = 30_000,
  takenOverMs = 60_000,
  recovered = 0.2,
  recoveredMs = 60_000,
} = globalThis as {
  /** The hubs have all shipped plugins besides the one that is called. */
  shipped?: boolean;
  /** At once, from outside. */
  callers?: number;
  kills?: number;
  awayMs?: number;
  shuffled?: number;
  /** Within it a hub that was killed and started again accepts calls. */
  servesMs?: number;
  /** Within it what a killed hub had in hand is in other hands. */
  takenOverMs?: number;
  /** This share of the throughput is back soon after the database. */
  recovered?: number;
  recoveredMs?: number;
};
const HOUR = 3_600_000;

/** For docs/tests.md. */
const figure = (text: string) => void process.stdout.write(`    ${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** The signals and processes of Unix. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('under load, as outside callers see it', () => {
  let room: FaultRoom;
  const hubs: HubChild[] = [];
  const hub = async (port?: number) => {
    const started = await room.hub(port);
    hubs.push(started);
    return started;
  };

  /** Two that run: those the test before left, where it left any. */
  const twoHubs = async (): Promise<readonly [HubChild, HubChild]> => {
    const [one = hub(), two = hub()] = hubs.filter((running) => !running.ended());
    const both = await Promise.all([one, two]);
    for (const { url } of both) await until(async () => (await fetch(`${url}/readyz`)).ok, { what: 'both to be ready' });
    return both;
  };

  beforeAll(async () => {
    room = await faultRoom({ shipped });
  }, HOUR);
  beforeEach(async () => {
    await room.postgres.start();
    await room.sql.query('truncate webhook_events, webhook_queue, webhook_dedupe, records');
  });
  afterAll(() => room?.close());

  const pending = async () => Number((await room.sql.query('select count(*) from webhook_queue')).rows[0].count);
  const emptied = () => until(async () => (await pending()) === 0, { withinMs: 120_000, what: 'the queue to be empty' });

  it(
    'a hub that is killed again and again has handled whatever it accepted, once, and soon serves again',
    async () => {
      let running = await hub();
      const { port } = running;
      const checker = new OutsideChecker();
      checker.start(port, callers);
      const serving: number[] = [];
      let left = new Set<string>();
      let killedAt = 0;
      for (let kill = 1; kill <= kills; kill += 1) {
        await sleep(200 + Math.random() * 1500);
        if (kill === kills) await until(async () => (await room.leases()).size > 0, { what: 'events in hand' });
        await running.end('SIGKILL');
        left = await room.leases();
        // Its last answers have arrived by now.
        killedAt = performance.now();
        running = await hub(port);
        const served = await until(() => checker.firstAcceptedAfter(killedAt), { what: 'a call to be accepted' });
        serving.push(served - killedAt);
      }
      const isLeft = (tokens: ReadonlySet<string>) => [...tokens].some((token) => left.has(token));
      await until(async () => !isLeft(await room.leases()), { withinMs: 120_000, what: 'other hands' });
      const takenOver = performance.now() - killedAt;
      await checker.stop();
      await emptied();
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
      const { length } = checker.accepted();
      expect(length).toBeGreaterThan(kills);
      const median = serving.toSorted((a, b) => a - b)[Math.floor(kills / 2)] ?? 0;
      const longest = Math.max(...serving);
      figure(`${kills} kills, ${length} events accepted; serving again after ${seconds(median)}, at most ${seconds(longest)}`);
      figure(`what the last one had in hand was taken over after ${seconds(takenOver)}`);
      expect(longest).toBeLessThan(servesMs);
      expect(takenOver).toBeLessThan(takenOverMs);
    },
    HOUR,
  );

  it(
    'no call is accepted while Postgres is away, no process ends, and throughput is back soon after it',
    async () => {
      const checker = new OutsideChecker();
      const both = await twoHubs();
      checker.start(both[0].port, callers);
      await until(() => checker.accepted().length > 50, { what: 'some calls to be accepted' });
      // Until its code is compiled a hub takes in half of what it can.
      await sleep(Math.max(3000, awayMs));
      const throughput = checker.rate(2000);
      await room.postgres.stopHard();
      // Answers to what was committed just before may still be on their way.
      await sleep(500);
      const before = checker.accepted().length;
      await sleep(awayMs);
      expect(checker.accepted()).toHaveLength(before);
      expect([...checker.told.values()].some((told) => told === 503)).toBe(true);
      expect(both.map((one) => one.ended())).toEqual([false, false]);
      await room.postgres.start();
      const back = performance.now();
      const isBack = () => checker.accepted().length > before + 50 && checker.rate(1000) >= recovered * throughput;
      await until(isBack, { withinMs: recoveredMs, what: `${recovered} of the throughput before` });
      figure(
        `Postgres away for ${seconds(awayMs)}; ${Math.round(throughput)} calls a second before, and again after ${seconds(performance.now() - back)}`,
      );
      await checker.stop();
      await emptied();
      expect(both.map((one) => one.ended())).toEqual([false, false]);
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
    },
    HOUR,
  );

  it(
    'a hundred copies of one event over two hosts have one effect, and all are accepted',
    async () => {
      const both = await twoHubs();
      const call = inboundCall({ id: randomUUID(), account: 'acc', object: 'thing', version: 1 });
      const told = await Promise.all(Array.from({ length: 100 }, (_, at) => tell(both[at % 2 === 0 ? 0 : 1].port, call)));
      expect(new Set(told)).toEqual(new Set([200]));
      await emptied();
      const { rows } = await room.sql.query('select state, jsonb_array_length(trail) as attempts from webhook_events');
      expect(rows).toEqual([{ state: 'handled', attempts: 1 }]);
    },
    HOUR,
  );

  it(
    'two hosts share changes that arrive in any order, and end with what the provider has',
    async () => {
      const both = await twoHubs();
      room.asked.clear();
      const objects = Array.from({ length: 100 }, (_, at) => `thing-${at}`);
      const calls = Array.from({ length: shuffled }, (_, version) => {
        const object = objects[version % objects.length] ?? '';
        if (version % 7 === 3) room.things.delete(object);
        else room.things.set(object, { object, version });
        return inboundCall({ id: randomUUID(), account: 'acc', object, version, ask: true });
      });
      calls.sort(() => Math.random() - 0.5);
      const send = async (from: number) => {
        for (let at = from; at < calls.length; at += 16) {
          const call = calls[at];
          if (call) expect(await tell(both[at % 2 === 0 ? 0 : 1].port, call)).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, from) => send(from)));
      await until(async () => (await pending()) === 0, { withinMs: 300_000, what: 'the queue to be empty' });
      const { rows } = await room.sql.query<{ id: string; data: object }>(
        'select external_id as id, data from records where deleted_at is null order by external_id',
      );
      const expected = [...room.things].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, data]) => ({ id, data }));
      expect(rows).toEqual(expected);
      const shares = both.map(({ port }) => (room.asked.get(port) ?? 0) / calls.length);
      figure(
        `${calls.length} shuffled changes; of these the hosts handled ${shares.map((share) => `${Math.round(share * 100)} %`).join(' and ')}`,
      );
      expect(Math.min(...shares)).toBeGreaterThan(0.05);
    },
    HOUR,
  );

  it(
    'a hub that is told to stop cuts nobody off and ends in time, and its companion goes on with its work',
    async () => {
      const checker = new OutsideChecker();
      const [leaving, staying] = await twoHubs();
      checker.start(leaving.port, callers);
      await until(() => checker.accepted().length > 100, { what: 'some calls to be accepted' });
      const { ms, code } = await leaving.end('SIGTERM');
      await checker.stop();
      expect([...checker.told.values()].filter((told) => told === 'cut')).toEqual([]);
      figure(`told to stop under load, ended after ${seconds(ms)}`);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      await emptied();
      expect(staying.ended()).toBe(false);
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
    },
    HOUR,
  );
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type FaultRoom, faultRoom, type HubChild } from '../support/fault-room.ts';
import { type InboundCall, inboundCall } from '../support/inbound-plugin.ts';
import { ACCOUNTS, MANY, OutsideChecker, tell } from '../support/outside-checker.ts';
import { FAULTLESS, judge } from '../support/outside-judge.ts';
import { holdSorters } from '../support/spooled.ts';
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
/** Events: so many must be in the spool where it counts, and where so many are, no flood comes on top of them. */
const [SPOOLED, FLOODED] = [100, 1000];
const WAVES_MS = 2000;

/** For docs/tests.md. */
const figure = (text: string) => void process.stdout.write(`    ${text}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

const [ACCOUNT = ''] = ACCOUNTS;
const change = (more: Pick<InboundCall, 'object' | 'version' | 'ask'>) => ({ id: randomUUID(), account: ACCOUNT, ...more });

/** The signals and processes of Unix. */
const onLinux = process.platform === 'linux' ? describe : describe.skip;

onLinux('under load, as outside callers see it', () => {
  let room: FaultRoom;
  const hubs: HubChild[] = [];
  const checkers: OutsideChecker[] = [];
  const outside = () => {
    const checker = new OutsideChecker();
    checkers.push(checker);
    return checker;
  };
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
    await room.sql.query('truncate webhook_events, webhook_queue, webhook_dedupe, webhook_spool, records');
  });
  // Those of a test that failed still call.
  afterEach(async () => {
    for (const checker of checkers.splice(0)) await checker.stop();
  });
  afterAll(() => room?.close());

  const emptied = () => until(async () => (await room.waiting()) === 0, { withinMs: 300_000, what: 'all to be handled' });

  /** More waits in the spool than is sorted in at once: this hub takes in faster than it handles, on any machine. */
  const fillSpool = (checker: OutsideChecker, port: number) =>
    until(
      async () => {
        await checker.flood(port);
        return (await room.spooled()) > SPOOLED && (await room.leases()).size > 0;
      },
      { what: 'events in hand and in the spool' },
    );

  /** The same, and there they stay until what is returned is called. */
  const holdSpool = async (checker: OutsideChecker, port: number) => {
    let release = async () => {};
    await until(
      async () => {
        await release();
        await fillSpool(checker, port);
        release = await holdSorters(room.postgres.url);
        // Whoever sorted or handled until then may have emptied either.
        return (await room.spooled()) > 0 && (await room.leases()).size > 0;
      },
      { withinMs: 120_000, what: 'events that stay in the spool' },
    );
    return release;
  };

  it(
    'a hub that is killed again and again has handled whatever it accepted, once, and soon serves again',
    async () => {
      let running = await hub();
      const { port } = running;
      const checker = outside();
      checker.start(port, callers);
      const serving: number[] = [];
      const spooled: number[] = [];
      let sorting = 0;
      let left = new Set<string>();
      let killedAt = 0;
      for (let kill = 1; kill <= kills; kill += 1) {
        await sleep(200 + Math.random() * 1200);
        const release = kill === kills ? await holdSpool(checker, port) : undefined;
        if (!release && (await room.spooled()) < FLOODED) void checker.flood(port);
        // Into its being accepted, spooled, sorted in and handled.
        if (kill < kills) await sleep(Math.random() * 300);
        const [sorts] = await Promise.all([room.sorts(), running.end('SIGKILL')]);
        spooled.push(await room.spooled());
        await release?.();
        if (sorts) sorting += 1;
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
      expect(await judge(checker, room.sql)).toEqual(FAULTLESS);
      const { length } = checker.accepted();
      expect(length).toBeGreaterThan(kills);
      const median = serving.toSorted((a, b) => a - b)[Math.floor(kills / 2)] ?? 0;
      const longest = Math.max(...serving);
      figure(`${kills} kills, ${length} events accepted; serving again after ${seconds(median)}, at most ${seconds(longest)}`);
      figure(`what the last one had in hand was taken over after ${seconds(takenOver)}`);
      figure(`in the spool after each kill: ${spooled.join(', ')} events; ${sorting} kills while some were sorted in`);
      expect(Math.max(...spooled)).toBeGreaterThan(0);
      expect(longest).toBeLessThan(servesMs);
      expect(takenOver).toBeLessThan(takenOverMs);
    },
    HOUR,
  );

  it(
    'no call is accepted while Postgres is away, no process ends, and throughput is back soon after it',
    async () => {
      const checker = outside();
      const both = await twoHubs();
      checker.start(both[0].port, callers);
      await until(() => checker.accepted().length > 50, { what: 'some calls to be accepted' });
      // Until its code is compiled a hub takes in half of what it can.
      await sleep(Math.max(3000, awayMs));
      // Sorting and handling come in waves, which a second is too short for.
      const throughput = checker.rate(Math.max(WAVES_MS, awayMs / 2));
      await fillSpool(checker, both[0].port);
      const flood = checker.flood(both[0].port);
      await room.postgres.stopHard();
      // Answers to what was committed just before may still be on their way.
      await Promise.all([flood, sleep(500)]);
      const before = checker.accepted().length;
      await sleep(awayMs);
      expect(checker.accepted()).toHaveLength(before);
      expect([...checker.told.values()].some((told) => told === 503)).toBe(true);
      expect(both.map((one) => one.ended())).toEqual([false, false]);
      await room.postgres.start();
      const back = performance.now();
      const isBack = () => checker.accepted().length > before + 50 && checker.rate(WAVES_MS) >= recovered * throughput;
      await until(isBack, { withinMs: recoveredMs, what: `${recovered} of the throughput before` });
      figure(
        `Postgres away for ${seconds(awayMs)}; ${Math.round(throughput)} calls a second before, and again after ${seconds(performance.now() - back)}`,
      );
      await checker.stop();
      await emptied();
      expect(both.map((one) => one.ended())).toEqual([false, false]);
      expect(await judge(checker, room.sql)).toEqual(FAULTLESS);
    },
    HOUR,
  );

  it(
    'a hundred copies of a call of many events over two hosts have one effect, and all are accepted',
    async () => {
      const both = await twoHubs();
      const before = await room.everSpooled();
      const changes = Array.from({ length: MANY }, () => change({ object: `thing-${randomUUID()}`, version: 1 }));
      const call = inboundCall(changes);
      const told = await Promise.all(Array.from({ length: 100 }, (_, at) => tell(both[at % 2 === 0 ? 0 : 1].port, call)));
      expect(new Set(told)).toEqual(new Set([200]));
      await emptied();
      expect(await room.everSpooled()).toBeGreaterThan(before);
      const { rows } = await room.sql.query(
        'select event_id as id, state, jsonb_array_length(trail) as attempts from webhook_events order by 1',
      );
      expect(rows).toEqual(
        changes
          .map(({ id }) => id)
          .sort()
          .map((id) => ({ id, state: 'handled', attempts: 1 })),
      );
    },
    HOUR,
  );

  it(
    'two hosts share changes that arrive in any order, and end with what the provider has',
    async () => {
      const both = await twoHubs();
      room.asked.clear();
      const objects = Array.from({ length: 100 }, (_, at) => `thing-${at}`);
      const changes = Array.from({ length: shuffled }, (_, version) => {
        const object = objects[version % objects.length] ?? '';
        if (version % 7 === 3) room.things.delete(object);
        else room.things.set(object, { object, version });
        return change({ object, version, ask: true });
      });
      changes.sort(() => Math.random() - 0.5);
      const before = await room.everSpooled();
      const send = async (sender: number) => {
        for (let call = 0; changes.length > 0; call += 1) {
          // Alone and many at once in turn.
          const next = changes.splice(0, (sender + call) % 8 === 0 ? MANY : 1);
          expect(await tell(both[call % 2 === 0 ? 0 : 1].port, inboundCall(next))).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, sender) => send(sender)));
      await emptied();
      expect(await room.everSpooled()).toBeGreaterThan(before);
      const { rows } = await room.sql.query<{ id: string; data: object }>(
        'select external_id as id, data from records where deleted_at is null order by external_id',
      );
      const expected = [...room.things].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, data]) => ({ id, data }));
      expect(rows).toEqual(expected);
      const shares = both.map(({ port }) => (room.asked.get(port) ?? 0) / shuffled);
      figure(
        `${shuffled} shuffled changes; of these the hosts handled ${shares.map((share) => `${Math.round(share * 100)} %`).join(' and ')}`,
      );
      expect(Math.min(...shares)).toBeGreaterThan(0.05);
    },
    HOUR,
  );

  it(
    'a hub that is told to stop cuts nobody off and ends in time, and its companion goes on with its work',
    async () => {
      const checker = outside();
      const [leaving, staying] = await twoHubs();
      checker.start(leaving.port, callers);
      await until(() => checker.accepted().length > 100, { what: 'some calls to be accepted' });
      await fillSpool(checker, leaving.port);
      void checker.flood(leaving.port);
      const { ms, code } = await leaving.end('SIGTERM');
      const spooled = await room.spooled();
      await checker.stop();
      expect([...checker.told.values()].filter((told) => told === 'cut')).toEqual([]);
      figure(`told to stop under load, ended after ${seconds(ms)}; in the spool then: ${spooled} events`);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      await emptied();
      expect(staying.ended()).toBe(false);
      expect(await judge(checker, room.sql)).toEqual(FAULTLESS);
    },
    HOUR,
  );

  it(
    'what a killed hub has spooled waits for a worker elsewhere where the hub comes back without one',
    async () => {
      const checker = outside();
      const [killed, other] = await twoHubs();
      await other.end('SIGTERM');
      checker.start(killed.port, callers);
      const release = await holdSpool(checker, killed.port);
      await killed.end('SIGKILL');
      const left = await room.spooled();
      await release();
      await room.hub(killed.port, 'web');
      await checker.flood(killed.port);
      await checker.stop();
      const kept = await room.spooled();
      const worker = await room.hub(undefined, 'worker');
      const began = performance.now();
      await until(async () => (await room.spooled()) < kept, { what: 'the worker to sort' });
      const sorted = performance.now() - began;
      await emptied();
      figure(
        `${left} events in the spool of a killed hub, ${kept} once it took in again; a worker elsewhere sorted ${seconds(sorted)} after its start, had handled all after ${seconds(performance.now() - began)}`,
      );
      // Of these it has to hear.
      await checker.flood(killed.port);
      await emptied();
      expect(left).toBeGreaterThan(0);
      expect(kept).toBeGreaterThan(left);
      expect(worker.ended()).toBe(false);
      expect(await judge(checker, room.sql)).toEqual(FAULTLESS);
    },
    HOUR,
  );
});

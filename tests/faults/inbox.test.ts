import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type FaultRoom, faultRoom, type HubChild } from '../support/fault-room.ts';
import { inboundCall } from '../support/inbound-plugin.ts';
import { judge, OutsideChecker, tell } from '../support/outside-checker.ts';
import { until } from '../support/wait.ts';

/** `npm run test:faults` sets them; the defaults are a seed that fits into `npm test`. */
const {
  kills = 3,
  awayMs = 3000,
  shuffled = 400,
  patienceMs = 20_000,
} = globalThis as {
  kills?: number;
  awayMs?: number;
  shuffled?: number;
  /** What a hub may take to serve again. */
  patienceMs?: number;
};
const HOUR = 3_600_000;

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

  beforeAll(async () => {
    room = await faultRoom();
  }, HOUR);
  afterEach(async () => {
    await room.postgres.start();
    for (const running of hubs.splice(0)) if (!running.ended()) await running.end('SIGKILL');
    await room.sql.query('truncate webhook_events, webhook_queue, webhook_dedupe, records');
  });
  afterAll(() => room?.close());

  const pending = async () => Number((await room.sql.query('select count(*) from webhook_queue')).rows[0].count);
  const emptied = () => until(async () => (await pending()) === 0, { withinMs: 120_000, what: 'the queue to be empty' });

  it(
    'a hub that is killed again and again has handled whatever it accepted, once',
    async () => {
      const checker = new OutsideChecker();
      let running = await hub();
      const { port } = running;
      checker.start(port, 16);
      const readyMs: number[] = [];
      for (let kill = 0; kill < kills; kill += 1) {
        await sleep(200 + Math.random() * 1500);
        await running.end('SIGKILL');
        running = await hub(port);
        readyMs.push(running.readyMs);
      }
      await sleep(500);
      await checker.stop();
      const since = Date.now();
      await emptied();
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
      expect(checker.accepted().length).toBeGreaterThan(kills);
      // The leases of the killed one have ended by then.
      expect(Date.now() - since).toBeLessThan(60_000);
      expect(Math.max(...readyMs)).toBeLessThan(patienceMs);
    },
    HOUR,
  );

  it(
    'no call is accepted while Postgres is away, no process ends, and all is well again soon after',
    async () => {
      const checker = new OutsideChecker();
      const running = await hub();
      checker.start(running.port, 16);
      await until(() => checker.accepted().length > 50, { what: 'some calls to be accepted' });
      await room.postgres.stopHard();
      // Answers to what was committed just before may still be on their way.
      await sleep(500);
      const before = checker.accepted().length;
      await sleep(awayMs);
      expect(checker.accepted()).toHaveLength(before);
      expect([...checker.told.values()].some((told) => told === 503)).toBe(true);
      expect(running.ended()).toBe(false);
      await room.postgres.start();
      await until(() => checker.accepted().length > before + 50, { withinMs: 10_000, what: 'calls to be accepted again' });
      await checker.stop();
      await emptied();
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
    },
    HOUR,
  );

  it(
    'a hundred copies of one event over two hosts have one effect, and all are accepted',
    async () => {
      const both = [await hub(), await hub()];
      const call = inboundCall({ id: randomUUID(), account: 'acc', object: 'thing', version: 1 });
      const told = await Promise.all(Array.from({ length: 100 }, (_, at) => tell(both[at % 2]?.port ?? 0, call)));
      expect(new Set(told)).toEqual(new Set([200]));
      await emptied();
      const { rows } = await room.sql.query('select state, jsonb_array_length(trail) as attempts from webhook_events');
      expect(rows).toEqual([{ state: 'handled', attempts: 1 }]);
    },
    HOUR,
  );

  it(
    'changes that arrive in any order over two hosts end with what the provider has',
    async () => {
      const both = [await hub(), await hub()];
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
          if (call) expect(await tell(both[at % 2]?.port ?? 0, call)).toBe(200);
        }
      };
      await Promise.all(Array.from({ length: 16 }, (_, from) => send(from)));
      await until(async () => (await pending()) === 0, { withinMs: 300_000, what: 'the queue to be empty' });
      const { rows } = await room.sql.query<{ id: string; data: object }>(
        'select external_id as id, data from records where deleted_at is null order by external_id',
      );
      const expected = [...room.things].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, data]) => ({ id, data }));
      expect(rows).toEqual(expected);
    },
    HOUR,
  );

  it(
    'a hub that is told to stop cuts nobody off and ends in time, and its companion goes on with its work',
    async () => {
      const checker = new OutsideChecker();
      const [leaving, staying] = [await hub(), await hub()];
      checker.start(leaving.port, 16);
      await until(() => checker.accepted().length > 100, { what: 'some calls to be accepted' });
      const { ms, code } = await leaving.end('SIGTERM');
      await checker.stop();
      expect([...checker.told.values()].filter((told) => told === 'cut')).toEqual([]);
      expect(code).toBe(0);
      expect(ms).toBeLessThan(10_000);
      await emptied();
      expect(staying.ended()).toBe(false);
      expect(await judge(checker, room.sql)).toEqual({ lost: [], twice: [], uncalledFor: [], waiting: 0 });
    },
    HOUR,
  );
});

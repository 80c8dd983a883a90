import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/hub.ts';
import { type HubHost, type HubHosts, hubHosts } from '../support/hub-hosts.ts';
import { writeRotatingPlugin } from '../support/rotating-plugin.ts';
import { RotatingProvider } from '../support/rotating-provider.ts';

/** `npm run test:faults:refresh` sets them; the defaults are a seed that fits into `npm test`. */
const {
  killRounds = 2,
  strictRounds = 1,
  callers = 500,
} = globalThis as {
  /** How often a hub is killed while it renews, with a provider that answers a lost request once more. */
  killRounds?: number;
  /** The same with one that does not. */
  strictRounds?: number;
  callers?: number;
};
const HOSTS = 4;
const HOUR = 3_600_000;
const GRACE_SECONDS = 30;
/** Of so many rounds one waits as long as it takes until a host is taken for dead; the others leave that time out. */
const IN_REAL_TIME = 10;
/** After the provider's answer; the first of them is not answered at all. */
const KILLED_WITHIN_MS = [undefined, 0, 20, 500];
const ONE = '/api/stores/default/integrations/rotating';

/** The signals of Unix. */
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('a token of a provider that rotates and takes a second use for theft', () => {
  const provider = new RotatingProvider(GRACE_SECONDS);
  let room: HubHosts;
  let hosts: HubHost[];

  beforeAll(async () => {
    await provider.start();
    room = await hubHosts({
      plugins: writeRotatingPlugin,
      egressMap: (port) => provider.map(port),
      ownServer: true,
      env: { ROTATING_CLIENT_ID: 'client', ROTATING_CLIENT_SECRET: 'client secret' },
    });
    // The first one builds what has changed.
    hosts = [await room.start()];
    hosts.push(...(await Promise.all(Array.from({ length: HOSTS - 1 }, () => room.start()))));
    await connect('connect');
  }, HOUR);
  afterAll(async () => {
    await room?.close();
    await provider.close();
  });
  beforeEach(() => {
    provider.graceSeconds = GRACE_SECONDS;
  });

  async function connect(how: 'connect' | 'reconnect'): Promise<void> {
    const { body } = await host(0).api('POST', `${ONE}/${how}`, { method: 'oauth' });
    const state = new URL(body.authorizeUrl).searchParams.get('state');
    const done = await host(0).api('GET', `/api/integrations/rotating/oauth/callback?code=given&state=${state}`);
    expect([200, 201]).toContain(done.status);
  }

  const host = (at: number) => hosts[at % hosts.length] as HubHost;
  const ask = (at: HubHost) => at.api('POST', `${ONE}/actions/whose`, {});

  async function endToken(): Promise<void> {
    provider.expire();
    await room.rows('update credentials set expires_at = now()');
    Object.assign(provider.counts, { refreshes: 0, refused: 0 });
  }

  it(
    `is renewed once for ${callers} callers of four hubs, and none of them fails`,
    async () => {
      await endToken();
      const answers = await Promise.all(Array.from({ length: callers }, (_, n) => ask(host(n))));
      expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
      expect(provider.counts).toEqual({ refreshes: 1, refused: 0 });
    },
    HOUR,
  );

  /** Callers on all hubs, and the end of whoever renews for them; then all hubs run again. @returns what the others answered */
  async function killedRound(round: number): Promise<Answer[]> {
    await endToken();
    const killed = new Map<HubHost, Promise<void>>();
    let deed: Promise<void> | undefined;
    provider.onRefresh = ({ port, answer }) => {
      provider.onRefresh = undefined;
      deed = killAt(round, { victim: hosts.find((one) => one.port === port) as HubHost, answer, killed });
    };
    const asked = Array.from({ length: 10 * HOSTS }, (_, n) => ({ of: host(n), answer: ask(host(n)) }));
    const answers = await Promise.allSettled(asked.map(({ answer }) => answer));
    await deed;
    hosts = await Promise.all(hosts.map(async (one) => (killed.has(one) ? room.start(one.port) : one)));
    return answers.flatMap((answer, n) => {
      if (killed.has(asked[n]?.of as HubHost)) return [];
      if (answer.status === 'rejected') throw answer.reason;
      return [answer.value];
    });
  }

  interface Kill {
    readonly victim: HubHost;
    readonly answer: () => void;
    readonly killed: Map<HubHost, Promise<void>>;
  }

  /** Before its answer is sent, while it comes, while it is kept, or soon after. */
  async function killAt(round: number, { victim, answer, killed }: Kill): Promise<void> {
    const [lease] = await room.rows<{ owner: string }>('select lease_owner as owner from credentials');
    const withinMs = KILLED_WITHIN_MS[round % KILLED_WITHIN_MS.length];
    if (withinMs !== undefined) answer();
    await sleep(Math.random() * (withinMs ?? 0));
    killed.set(victim, victim.kill());
    await killed.get(victim);
    if (round % IN_REAL_TIME === IN_REAL_TIME - 1) return;
    await room.rows('update credentials set lease_until = now() where lease_owner = $1', [lease?.owner]);
  }

  it(
    `survives ${killRounds} kills of the hub that renews it, where a lost answer can be had once more`,
    async () => {
      for (let round = 0; round < killRounds; round += 1) {
        const answers = await killedRound(round);
        expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
        for (const one of hosts) expect((await ask(one)).status).toBe(200);
        expect(provider.counts.refused).toBe(0);
        expect(provider.counts.refreshes).toBeLessThanOrEqual(2);
      }
    },
    HOUR,
  );

  it(
    'is asked for once more and never again where it cannot, and works again once a person has connected it',
    async () => {
      provider.graceSeconds = 0;
      let lost = 0;
      for (let round = 0; round < strictRounds; round += 1) {
        const answers = await killedRound(round);
        const { refused, refreshes } = provider.counts;
        lost += refused;
        expect([refused, refreshes]).toEqual(refused ? [1, 2] : [0, 1]);
        expect(answers.filter(({ status }) => (status === 200) === refused > 0)).toEqual([]);
        for (const one of hosts) expect((await ask(one)).status === 200).toBe(refused === 0);
        expect(provider.counts).toEqual({ refused, refreshes });
        const { body } = await host(0).api('GET', `${ONE}/health`);
        expect(body).toMatchObject(
          refused
            ? { state: 'attention', fix: { by: 'reconnect' }, token: { renewal: { state: 'refused' } } }
            : { state: 'good' },
        );
        if (refused) await connect('reconnect');
        for (const one of hosts) expect((await ask(one)).status).toBe(200);
      }
      // A pair that was on its way to a host that died is lost with it; the first round of four never sends it.
      expect(lost).toBeGreaterThanOrEqual(Math.ceil(strictRounds / 4));
      if (strictRounds > 2)
        process.stdout.write(`${lost} of ${strictRounds} answers were lost with the hub that was to keep them.\n`);
    },
    HOUR,
  );
});

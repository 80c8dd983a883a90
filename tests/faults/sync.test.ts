import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { json } from '../support/paged-provider.ts';
import { type SyncHost, type SyncHosts, syncHosts } from '../support/sync-hosts.ts';
import { until } from '../support/wait.ts';

/** `npm run test:faults` sets them; the defaults are a seed that fits into `npm test`. */
const {
  syncKills = 2,
  syncContacts = 3000,
  timesDue = 0,
  outageMs = 2000,
} = globalThis as {
  /** How often a hub is killed in the middle of a sync. */
  syncKills?: number;
  syncContacts?: number;
  /** How often something is due while hosts are killed; each takes a minute. */
  timesDue?: number;
  /** How long a provider answers nothing but 500. */
  outageMs?: number;
};
/** Otherwise the time that passes until a worker is taken for dead is left out. */
const inRealTime = syncKills > 2;
const PAGE = 100;
const HOUR = 3_600_000;

/** The signals of Unix. */
const onUnix = process.platform === 'win32' ? describe.skip : describe;

onUnix('hubs that are killed', () => {
  let hosts: SyncHosts;
  beforeAll(async () => {
    hosts = await syncHosts({ pageSize: PAGE });
  }, HOUR);
  afterAll(() => hosts?.close());

  it(
    'in the middle of a sync go on with it: all records in the end, and no page fetched more than twice',
    async () => {
      const { provider } = hosts;
      provider.totals.set('acc', syncContacts);
      let host = await hosts.start();
      const moments = momentsOf(syncKills, syncContacts / PAGE);
      const killed: string[] = [];
      let dead: Promise<void> | undefined;
      provider.troubles.set('acc', async ({ cursor }) => {
        if (cursor !== moments[killed.length] || dead) return false;
        // Before the answer, on its way, while it is stored, or a page or two later.
        dead = sleep(Math.random() * 60).then(() => host.kill());
        if (Math.random() < 0.3) await dead;
        return false;
      });
      const fields = { account: 'acc' };
      const connected = await host.api('POST', '/api/stores/default/integrations/paged/connect', { method: 'manual', fields });
      expect(connected.status).toBe(201);
      for (const moment of moments) {
        await until(() => dead !== undefined, { withinMs: 600_000, what: `the moment ${moment}` });
        await dead;
        killed.push(moment);
        dead = undefined;
        if (!inRealTime) await letTimePass(hosts);
        host = await hosts.start(host.port);
      }
      await until(async () => (await runs(host))[0]?.status === 'succeeded', { withinMs: 600_000, what: 'the sync to end' });
      const rows = await hosts.rows<{ id: string }>('select external_id as id from records where deleted_at is null order by 1');
      expect(rows.map(({ id }) => id)).toEqual(provider.ids('acc'));
      expect(await runs(host)).toMatchObject([{ trigger: 'initial', seen: syncContacts, failed: 0, deleted: 0 }]);
      expect(Math.max(...provider.fetched('acc').values())).toBeLessThanOrEqual(2);
      expect(killed).toHaveLength(syncKills);
      await host.kill();
    },
    HOUR,
  );

  const inTime = timesDue > 0 ? it : it.skip;
  inTime(
    'leave nothing that is due undone, nor done twice, while two others are there',
    async () => {
      hosts.provider.troubles.delete('acc');
      const all: SyncHost[] = [];
      for (let n = 0; n < 3; n += 1) all.push(await hosts.start());
      for (let due = 0; due < timesDue; due += 1) {
        await hosts.rows('update schedules set next_run_at = now()');
        await sleep(Math.random() * 60_000);
        const victim = all.splice(Math.floor(Math.random() * all.length), 1)[0];
        await victim?.kill();
        all.push(await hosts.start());
        const scheduled = async () => (await runs(all[0] as SyncHost)).filter(({ trigger }) => trigger === 'scheduled');
        await until(async () => (await scheduled()).filter(({ status }) => status === 'succeeded').length === due + 1, {
          withinMs: 240_000,
          what: `what is due for the ${due + 1}. time`,
        });
        expect(await scheduled()).toHaveLength(due + 1);
      }
      for (const host of all) await host.kill();
    },
    HOUR,
  );

  it(
    'whose provider answers 500 for a while go on where they were, nothing lost or deleted',
    async () => {
      const { provider } = hosts;
      provider.totals.set('ill', 4 * PAGE);
      let since = 0;
      let refused = 0;
      provider.troubles.set('ill', ({ cursor }, res) => {
        if (cursor === '0') return false;
        since ||= Date.now();
        if (Date.now() - since >= outageMs) return false;
        refused += 1;
        return json(res, 500, { message: 'Oops' });
      });
      const host = await hosts.start();
      const body = { method: 'manual', fields: { account: 'ill' } };
      const { id } = (await host.api('POST', '/api/stores/default/integrations/paged/connect', body)).body;
      const last = async () => (await host.api('GET', `/api/stores/default/integrations/${id}/runs?limit=1`)).body.runs[0];
      await until(async () => (await last())?.status === 'succeeded', { withinMs: 600_000, what: 'the sync to end' });
      expect(await last()).toMatchObject({ trigger: 'initial', seen: 4 * PAGE, failed: 0, deleted: 0 });
      expect(refused).toBeGreaterThan(0);
      expect(provider.fetched('ill').get('0')).toBe(1);
      await host.kill();
    },
    HOUR,
  );
});

/** Cursors of random pages, in order, at least three apart: two kills in one page would leave nobody a chance. */
function momentsOf(count: number, pages: number): string[] {
  const gap = 3;
  const free = pages - 2 - count * gap;
  const starts = Array.from({ length: count }, () => Math.floor(Math.random() * free)).sort((a, b) => a - b);
  return starts.map((start, at) => String((1 + start + at * gap) * PAGE));
}

/** The worker that was killed has been silent for a minute. */
async function letTimePass({ rows }: SyncHosts): Promise<void> {
  await rows(`update sync_runs set heartbeat_at = heartbeat_at - interval '1 minute' where status = 'running'`);
  await rows(`update pgboss.job set heartbeat_on = heartbeat_on - interval '1 minute' where state = 'active'`);
}

interface Run {
  readonly status: string;
  readonly trigger: string;
}

async function runs(host: SyncHost): Promise<Run[]> {
  return (await host.api('GET', '/api/stores/default/integrations/paged/runs?limit=100')).body.runs;
}

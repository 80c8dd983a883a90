import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Hub, startHub } from './support/hub.ts';
import { type InboundCall, inboundCall, writeInboundPlugin } from './support/inbound-plugin.ts';
import { until } from './support/wait.ts';

const ONE = '/api/stores/default/integrations/inbound';
let pluginDirs: string;
let hub: Hub;

beforeAll(async () => {
  pluginDirs = mkdtempSync(join(tmpdir(), 'inbox-plugins-'));
  writeInboundPlugin(pluginDirs);
  hub = await startHub({ PLUGIN_DIRS: pluginDirs });
  expect((await hub.api('POST', `${ONE}/connect`, { method: 'manual', fields: { account: 'acc' } })).status).toBe(201);
});
afterAll(async () => {
  await hub?.close();
  rmSync(pluginDirs, { recursive: true, force: true });
});

async function deliver(more: Partial<InboundCall>): Promise<string> {
  const id = randomUUID();
  const { body, headers } = inboundCall({ id, account: 'acc', object: id, version: 1, ...more });
  const reply = await fetch(`${hub.url}/webhooks/inbound`, { method: 'POST', body, headers });
  expect(reply.status).toBe(200);
  return id;
}

interface Listed {
  readonly id: string;
  readonly eventId: string;
  readonly state: string;
}

const events = async (): Promise<Listed[]> => (await hub.api('GET', `${ONE}/events?limit=100`)).body.events;
const ended = async (eventId: string, state: string): Promise<Listed> =>
  until(async () => (await events()).find((event) => event.eventId === eventId && event.state === state), {
    what: `${eventId} to be ${state}`,
  });

describe('what an integration was told', () => {
  it('is changed at once in what the next call is judged by', async () => {
    await deliver({ version: 1 });
    expect((await hub.api('PATCH', ONE, { enabled: false })).status).toBe(200);
    const parked = await until(
      async () => {
        const id = await deliver({ version: 2 });
        return (await events()).find(({ eventId, state }) => eventId === id && state === 'parked');
      },
      { what: 'a call to be parked' },
    );
    await hub.api('PATCH', ONE, { enabled: true });
    await ended(parked.eventId, 'handled');
  });

  it('is shown with the trail of its attempts, and its bytes come as a file only', async () => {
    const evil = '<script>alert(1)</script>';
    const { id } = await ended(await deliver({ refuse: evil }), 'dead');
    const shown = await hub.api('GET', `${ONE}/events/${id}`);
    expect(shown.body).toMatchObject({
      state: 'dead',
      reason: evil,
      trail: [{ outcome: 'dead', reason: evil, ms: expect.any(Number) }],
    });
    expect(JSON.stringify(shown.body.headers)).not.toContain('signature');
    const file = await hub.api('GET', `${ONE}/events/${id}/body`);
    expect(file.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(file.headers.get('content-type')).toMatch(/octet-stream/);
    expect(file.headers.get('content-security-policy')).toContain('sandbox');
    expect((await hub.api('GET', `${ONE}/events/${randomUUID()}`)).status).toBe(404);
  });

  it('is counted by reason where it failed, previewed with the plugin as it is now, and handled again', async () => {
    const failed = [
      await deliver({ refuse: 'No such list.' }),
      await deliver({ refuse: 'No such list.' }),
      await deliver({ refuse: 'Other.' }),
    ];
    for (const id of failed) await ended(id, 'dead');
    const { kept } = (await hub.api('GET', `${ONE}/events/kept`)).body;
    expect(kept).toContainEqual(expect.objectContaining({ state: 'dead', reason: 'No such list.', count: 2 }));
    const ids = (await events()).filter(({ eventId }) => failed.includes(eventId)).map(({ id }) => id);
    const preview = async () => (await hub.api('POST', `${ONE}/events/replay`, { events: ids, dryRun: true })).body;
    expect(await preview()).toMatchObject({
      matching: 3,
      previews: [{ outcome: 'dead' }, { outcome: 'dead' }, { outcome: 'dead' }],
    });
    writeInboundPlugin(pluginDirs, false);
    await until(async () => (await preview()).previews[0]?.outcome === 'handled', {
      withinMs: 20_000,
      what: 'the new generation',
    });
    expect((await preview()).previews[0].changes).toMatchObject([{ kind: 'records', stream: 'things' }]);
    expect((await events()).filter(({ id }) => ids.includes(id)).map(({ state }) => state)).toEqual(['dead', 'dead', 'dead']);
    const [first = ''] = ids;
    expect((await hub.api('POST', `${ONE}/events/replay`, { events: [first] })).body).toEqual({ replayed: 1 });
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString();
    expect((await hub.api('POST', `${ONE}/events/replay`, { from: tomorrow })).body).toEqual({ replayed: 0 });
    await hub.api('POST', `${ONE}/events/replay`, { until: tomorrow });
    for (const id of failed) await ended(id, 'handled');
    expect((await hub.api('POST', `${ONE}/events/replay`, { events: ['x'] })).status).toBe(400);
  });

  it('is missed where its provider used to call and stopped', async () => {
    for (let at = 0; at < 10; at += 1) await ended(await deliver({}), 'handled');
    const health = async () => (await hub.api('GET', `${ONE}/health`)).body;
    expect(await health()).toMatchObject({ webhooks: { silent: false } });
    await hub.rows("update integrations set last_event_at = now() - interval '2 days'");
    expect(await health()).toMatchObject({
      state: 'degraded',
      reason: 'It used to report changes and has fallen silent.',
      webhooks: { silent: true },
    });
  });

  it('is told to the operator where nobody has its account', async () => {
    await deliver({ account: 'nobody' });
    const { trays } = (await hub.api('GET', '/api/admin/events')).body;
    expect(trays).toMatchObject([
      { pluginId: 'inbound', state: 'unmatched', reason: 'No integration here has this account.', count: 1 },
    ]);
    expect((await call('GET', `${hub.url}/api/admin/events`)).status).toBe(401);
  });
});

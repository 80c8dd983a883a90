import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { call, type Hub } from './support/hub.ts';
import { type InboundHub, inboundHub, ONE } from './support/inbound-hub.ts';
import { inboundCall } from './support/inbound-plugin.ts';
import { until } from './support/wait.ts';

let room: InboundHub;
let hub: Hub;
const deliver: InboundHub['deliver'] = (more) => room.deliver(more);
const ended: InboundHub['ended'] = (id, state) => room.ended(id, state);
const events: InboundHub['events'] = () => room.events();

beforeAll(async () => {
  room = await inboundHub();
  hub = room.hub;
});
afterAll(() => room?.close());

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
    room.mend();
    await until(async () => (await preview()).previews[0]?.outcome === 'handled', {
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

describe('changes that come many at once', () => {
  it('have one effect each, however often they are sent, and those of one object keep their order', async () => {
    const object = randomUUID();
    const about = (one: string, version: number) => ({ id: randomUUID(), account: 'acc', object: one, version });
    const many = [about(object, 1), ...Array.from({ length: 20 }, () => about(randomUUID(), 1)), about(object, 2)];
    const send = (calls: Parameters<typeof inboundCall>[0]) =>
      fetch(`${hub.url}/webhooks/inbound`, { method: 'POST', ...inboundCall(calls) });
    const told = await Promise.all([send(many), send(many)]);
    told.push(await send(about(object, 3)), await send(many));
    expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const ids = many.map(({ id }) => id);
    const version = async () =>
      (
        await hub.rows<{ version: number }>("select data -> 'version' as version from records where external_id = $1", [object])
      )[0];
    await until(async () => (await version())?.version === 3, { what: 'the last change' });
    await until(async () => (await hub.rows('select 1 from webhook_spool')).length === 0, { what: 'all to be sorted in' });
    const stored = await hub.rows<{ state: string }>('select state from webhook_events where event_id = any($1)', [ids]);
    expect(stored).toHaveLength(ids.length);
    for (const id of ids) await ended(id, 'handled');
  });
});

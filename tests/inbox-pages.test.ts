import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spoolEvents } from '../core/inbox/spool-insert.ts';
import { ADMIN, type Hub } from './support/hub.ts';
import { type InboundHub, inboundHub, ONE } from './support/inbound-hub.ts';
import { addStoreOwner, type Browser, post, signIn } from './support/people.ts';
import { holdSorters, manyEvents } from './support/spooled.ts';
import { until } from './support/wait.ts';

describe('the pages of messages', () => {
  let room: InboundHub;
  let hub: Hub;
  let page: string;
  let owner: Browser;
  let operator: Browser;
  const text = async (browser: Browser, path: string) => (await browser.get(path).expect(200)).text;
  /** Presses a button of a page and reads the page it leads to. */
  const pressed = async (browser: Browser, from: string, to: string, fields: object = {}) => {
    const answer = await post(browser, from, to, fields);
    return answer.status === 303 ? text(browser, answer.headers['location'] ?? '') : answer.text;
  };

  beforeAll(async () => {
    room = await inboundHub();
    ({ hub, page } = room);
    [owner, operator] = [await signIn(hub, await addStoreOwner(hub, 'shop@example.com')), await signIn(hub, ADMIN)];
    await room.ended(await room.deliver({ refuse: 'Stuck.' }), 'dead');
  });
  afterAll(() => room?.close());

  it('say what is wrong with what was asked', async () => {
    const all = `${page}/events`;
    expect(await pressed(owner, all, `${all}/preview`, { which: 'chosen' })).toContain('Tick the live changes first');
    expect((await owner.get(`${all}?from=yesterday`)).text).toContain('Write a time as 2026-11-21 09:30.');
    for (const days of ['0', '366', 'x']) {
      expect(await pressed(owner, all, '/privacy/retention', { messages: days, _back: all })).toContain(
        'a whole number of days from 1 to 365',
      );
    }
    await owner.get('/admin/events').expect(403);
    expect((await post(owner, all, '/admin/events/replay', { state: 'dead' })).status).toBe(403);
  });

  it('tell why some failed, show what would happen, and handle again what was ticked or all that fits', async () => {
    const all = `${page}/events`;
    await room.ended(await room.deliver({}), 'handled');
    const [one, two] = [await room.deliver({ refuse: 'No such shelf.' }), await room.deliver({ refuse: 'No such shelf.' })];
    const [first, second] = [await room.ended(one, 'dead'), await room.ended(two, 'dead')];
    expect(await text(owner, page)).toContain('2 failed');
    const shown = await text(owner, `${all}?state=dead&reason=No+such+shelf.`);
    expect(shown).toContain('All 2 live changes that fit what is shown');
    for (const { id } of [first, second]) expect(shown).toContain(`value="${id}"`);
    const both = [second.id, first.id].join();
    expect([shown.includes('2 times, first'), shown.includes(`value="${both}"`)]).toEqual([true, true]);
    const many = `insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, data, raw, headers, state, reason)
      select gen_random_uuid(), plugin_id, store_id, id, 'r' || n, 't', '{}', '', '{}', 'parked', 'Reason ' || n from integrations, generate_series(1, 21) n`;
    await hub.rows(many);
    expect(await text(owner, all)).toContain('3 more failed or are kept for other reasons.');
    await hub.rows("delete from webhook_events where reason like 'Reason %'");
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 16);
    expect(await text(owner, `${all}?from=${tomorrow}`)).toContain('No live change fits what you chose.');
    const asked = { which: 'all', state: 'dead', reason: 'No such shelf.', _back: all };
    expect(await pressed(owner, all, `${all}/preview`, asked)).toContain('Would fail again');
    room.mend();
    const preview = () => pressed(owner, all, `${all}/preview`, { which: 'chosen', message: both });
    await until(async () => (await preview()).includes(`Keeps 1 thing (${one})`), { what: 'the new generation' });
    expect(await pressed(owner, all, `${all}/replay`, { which: 'chosen', message: first.id, _back: all })).toContain(
      '1 live change is being handled again.',
    );
    await room.ended(one, 'handled');
    expect((await room.events()).find(({ id }) => id === second.id)?.state).toBe('dead');
    expect(await pressed(owner, all, `${all}/replay`, { ...asked, until: tomorrow })).toContain(
      '1 live change is being handled again.',
    );
    await room.ended(two, 'handled');
    const trail = await text(owner, `${all}/${first.id}`);
    expect(trail.indexOf('Failed for good')).toBeLessThan(trail.lastIndexOf('Handled'));
  });

  it('tell five hundred that failed alike in one line, and behind it what came before', async () => {
    const all = `${page}/events`;
    await hub.rows(`insert into webhook_events (id, plugin_id, store_id, integration_id, event_id, type, data, raw, headers, state, reason)
      select gen_random_uuid(), plugin_id, store_id, id, 'f' || n, 't', '{}', '', '{}', 'dead', 'Flooded.' from integrations, generate_series(1, 500) n`);
    const ids: string[] = [];
    for (let cursor = ''; cursor !== null; ) {
      const { body } = await hub.api('GET', `${ONE}/events?state=dead&limit=100${cursor && `&cursor=${cursor}`}`);
      ids.push(...body.events.map(({ id }: { id: string }) => id));
      cursor = body.next;
    }
    expect([ids.length, new Set(ids).size]).toEqual([501, 501]);
    const shown = await text(owner, all);
    expect(shown.includes('500 times, first')).toBe(true);
    const [, cursor] = /[?&;]cursor&#x3D;([\w-]+)#list"/.exec(shown) ?? [];
    const before = await text(owner, `${all}?cursor=${cursor}`);
    expect([before.includes('Stuck.'), before.includes(' times, first')]).toEqual([true, false]);
    await owner.get(`${all}?cursor=elsewhere`).expect(400);
    await hub.rows("delete from webhook_events where reason = 'Flooded.'");
  });

  it('let an owner say how long messages are kept', async () => {
    expect(await pressed(owner, `${page}/events`, '/privacy/retention', { messages: '90', _back: `${page}/events` })).toContain(
      'Saved',
    );
    expect(await text(owner, `${page}/events`)).toContain('value="90"');
    expect(await hub.rows('select event_days as days from stores')).toEqual([{ days: 90 }]);
  });

  it('say what was received and is not listed yet, and what a later version of the hub has to read', async () => {
    const all = `${page}/events`;
    const release = await holdSorters(hub.config.databaseUrl ?? '');
    const [whose] = await hub.rows<{ storeId: string; integrationId: string; pluginId: string }>(
      `select store_id as "storeId", id as "integrationId", plugin_id as "pluginId" from integrations where id = $1`,
      [page.split('/').at(-1)],
    );
    if (!whose) throw new Error('no integration');
    const waiting = manyEvents(whose, 20);
    const listed = async () => (await hub.api('GET', `${ONE}/events`)).body.unlisted;
    try {
      await spoolEvents({ query: hub.rows }, waiting);
      expect(await text(owner, all)).toContain('20 live changes were received and are about to be listed.');
      expect(await text(owner, `${all}?state=pending`)).toContain('No live change fits what you chose.');
      expect(await listed()).toEqual({ count: 20, since: expect.any(String), unreadable: 0 });
      expect(await text(operator, '/admin/events')).toContain('<strong>20 live changes</strong>');
      await hub.rows(`insert into webhook_spool (store_id, integration_id, count, events, problem) values ($1, $2, 3, '', $3)`, [
        ...[whose.storeId, whose.integrationId, 'It is in format 2, which this version does not know.'],
      ]);
      expect(await text(owner, all)).toContain('23 live changes were received and are kept, but cannot be listed yet.');
      expect(await listed()).toMatchObject({ count: 20, unreadable: 3 });
      const desk = await text(operator, '/admin/events');
      for (const said of [
        '<strong>3 live changes</strong>',
        'It is in format 2',
        'start it again, or a newer one',
        'can be set aside',
      ])
        expect(desk).toContain(said);
      expect(await text(operator, '/admin')).toContain(
        '3 accepted live changes are kept, but this version cannot read them; the page Live changes',
      );
      await asideAndBack(whose);
      await hub.rows('delete from webhook_spool where problem is not null');
    } finally {
      await release();
    }
    await room.ended(waiting[0]?.eventId ?? '', 'handled');
    await until(async () => (await listed()).count === 0, { what: 'all to be listed' });
    expect(await text(owner, all)).not.toContain('about to be listed');
  });

  /** The three that cannot be read: by the page, without a script, then by the API. */
  const asideAndBack = async ({ integrationId }: { readonly integrationId: string }) => {
    const here = '/admin/events/unreadable';
    const [found] = (await hub.api('GET', `/api${here}`)).body.rows;
    const chosen = { integration: integrationId, last: found.row };
    const forms = async () =>
      [...(await text(operator, here)).matchAll(/<form method="post" action="([^"]+)"/g)].map(([, to]) => to);
    const held = async () => (await hub.rows('select 1 from webhook_spool where problem is not null')).length;
    await owner.get(here).expect(403);
    await owner.get(`${here}/${integrationId}/${found.row}`).expect(403);
    // Just found: another host may be about to read it.
    expect(await text(operator, here)).toContain('They can be set aside five minutes later');
    expect(await forms()).not.toContain(`${here}/set-aside`);
    expect(await pressed(operator, here, `${here}/set-aside`, chosen)).toContain('Nothing was changed');
    expect(await pressed(operator, here, `${here}/set-aside`, { integration: 'x', last: '-1' })).toContain('Nothing was changed');
    expect((await hub.api('POST', `/api${here}/set-aside`, chosen)).status).toBe(404);
    expect((await hub.api('POST', `/api${here}/set-aside`, { ...chosen, last: 'x' })).status).toBe(400);
    expect(await held()).toBe(1);
    await hub.rows(
      `update webhook_spool set problem_at = now() - interval '6 minutes', events = '\\x00ff3c62' where problem is not null`,
    );
    const copy = await operator.get(`${here}/${integrationId}/${found.row}`).buffer(true).expect(200);
    expect(copy.headers).toMatchObject({ 'content-type': 'application/octet-stream', 'content-length': '4' });
    expect(copy.headers['content-disposition']).toBe(`attachment; filename="unreadable-${found.row}.bin"`);
    await operator.get(`${here}/${integrationId}/1000000`).expect(404);
    expect(await text(operator, here)).toContain('for as long as the store keeps live changes');
    expect(await forms()).toContain(`${here}/set-aside`);
    expect(await pressed(operator, here, `${here}/set-aside`, chosen)).toContain('3 live changes set aside.');
    expect([await held(), await forms()]).toEqual([0, expect.arrayContaining([`${here}/put-back`])]);
    expect(await text(operator, '/admin/events')).toContain('that could not be read were set aside');
    const done = await hub.rows(
      `select action, detail from audit_entries where action like 'event.%' and target = $1 and store_id is not null
      and action <> 'event.replay' order by at`,
      [integrationId],
    );
    expect(done).toEqual([
      { action: 'event.copy', detail: { row: found.row, bytes: 4 } },
      { action: 'event.set-aside', detail: { rows: 1, count: 3, bytes: 4, last: found.row } },
    ]);
    expect(await text(owner, '/audit')).toContain('set unreadable live changes of');
    expect((await hub.api('GET', `/api${here}`)).body.rows).toMatchObject([
      { ...found, bytes: 4, setAsideAt: expect.any(String) },
    ]);
    expect((await hub.api('POST', `/api${here}/put-back`, chosen)).body).toEqual({ rows: 1, count: 3, bytes: 4 });
    expect(await hub.rows('select count, problem from webhook_spool order by id desc limit 1')).toEqual([
      { count: 3, problem: null },
    ]);
    await hub.rows('delete from webhook_spool where count = 3');
  };

  it('show the operator what needs somebody in all stores, and who has fallen silent', async () => {
    await room.ended(await room.deliver({}), 'handled');
    await hub.rows("update integrations set last_event_at = now() - interval '8 days'");
    await room.deliver({ account: 'later' });
    const shown = await text(operator, '/admin/events');
    expect(shown).toContain('No store has connected the account later.');
    expect(shown).toContain('The last live change came');
    await hub.rows(`insert into webhook_events (id, plugin_id, account, event_id, type, data, raw, headers, state)
      select gen_random_uuid(), 'inbound', 'many ' || n, 'm' || n, 't', '{}', '', '{}', 'unmatched' from generate_series(1, 101) n`);
    expect(await text(operator, '/admin/events')).toContain('2 more are shown once these are done with.');
    await hub.rows("delete from webhook_events where account like 'many %'");
    expect(
      (await post(operator, '/admin/events', '/admin/events/hand-over', { plugin: 'inbound', account: 'later' })).status,
    ).toBe(303);
    expect(await text(operator, '/admin/events')).toContain('connect it in its store first');
    // What is older than a day is not given to a new connection by itself.
    await hub.rows(`update webhook_events set received_at = now() - interval '2 days' where account = 'later'`);
    await hub.api('POST', `${ONE}/connect`, { method: 'manual', fields: { account: 'later' } });
    expect(
      await pressed(operator, '/admin/events', '/admin/events/hand-over', { plugin: 'inbound', account: 'later' }),
    ).toContain('handed over to later of Default.');
  });

  it('let the operator have messages of any store handled again', async () => {
    const find = `select id, store_id as store, integration_id as integration, reason, state from webhook_events`;
    const [stuck] = await hub.rows<{ id: string; reason: string }>(`${find} where state = 'dead'`);
    expect(stuck?.reason).toBe('Stuck.');
    expect(await pressed(operator, '/admin/events', '/admin/events/replay', { ...stuck })).toContain(
      '1 live change handled again now.',
    );
    await until(async () => (await hub.rows(`${find} where id = $1 and state = 'handled'`, [stuck?.id])).length === 1, {
      what: 'it to be handled',
    });
  });
});

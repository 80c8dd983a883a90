import { beforeEach, describe, expect, it } from '@jest/globals';
import { failure } from 'patchbay/testing';
import type { Context } from './manifest.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { act, handlers, newRig, type Rig, recordIn, run } from './test-rig.ts';

let rig: Rig;
let ctx: Context;
beforeEach(() => {
  rig = newRig();
  ctx = rig.ctx();
});

const sent = (index = -1) => JSON.parse(rig.seen.at(index)?.req.body || '{}');
const calendarId = () => rig.sim.world.furniture(BLUE_FITNESS.id).calendars[0]?.id as string;
const contactId = () => rig.sim.world.at('contacts', BLUE_FITNESS.id)[0]?.id as string;

async function firstSlot(): Promise<string> {
  const [from, to] = [0, 20].map((days) => new Date(Date.now() + days * 86_400_000).toISOString());
  const { data } = await act(ctx, 'getFreeSlots', { calendarId: calendarId(), from, to });
  return (data['slots'] as string[])[0] as string;
}

describe('contact actions', () => {
  it('write nothing over a connection that only reads', async () => {
    const reading = rig.ctx({ config: { direction: 'in' } });
    const writes = Object.keys(handlers.actions).filter((name) => !/^(get|list)/.test(name));
    expect(writes).toHaveLength(11);
    for (const name of writes) expect((await failure(act(reading, name, { tags: [] })))?.code).toBe('FORBIDDEN');
    expect(rig.seen).toEqual([]);
  });

  it('name the contact that is in the way of a new one', async () => {
    const { email } = (await act(ctx, 'getContact', { contactId: contactId() })).data['contact'] as { email: string };
    const error = await failure(act(ctx, 'createContact', { email, firstName: 'Twin' }));
    expect(error).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining(contactId()) });
  });

  it('do not find what is not there', async () => {
    expect((await failure(act(ctx, 'getContact', { contactId: 'nobody' })))?.consequence).toBe('not-found');
    expect((await failure(act(ctx, 'updateContact', { contactId: 'nobody', city: 'X' })))?.consequence).toBe('not-found');
  });

  it('say which custom field is written wrongly', async () => {
    const error = await failure(act(ctx, 'createContact', { firstName: 'A', customFields: ['abcdefghijkl=1', 'oops'] }));
    expect(error?.fields).toEqual([{ pointer: '/customFields/1', message: expect.any(String) }]);
  });

  it('name the custom fields there are, and which of two is meant', async () => {
    const { customFields } = rig.sim.world.furniture(BLUE_FITNESS.id);
    const write = (line: string) => failure(act(ctx, 'createContact', { firstName: 'A', customFields: [line] }));
    expect(await write('Shoe size=42')).toMatchObject({
      message: 'LeadConnector has no custom field called Shoe size. There are: Goal, Referred by.',
      fields: [{ pointer: '/customFields/0', message: 'There are: Goal, Referred by.' }],
    });
    const twins = customFields.map((field) => ({ ...field, name: 'Goal' }));
    rig.intercept = ({ path }) => (path.endsWith('/customFields') ? { status: 200, body: { customFields: twins } } : undefined);
    expect((await write('goal=Run'))?.message).toMatch(/^Several custom fields are called goal\./);
    expect(rig.seen.every(({ req }) => req.method === 'GET')).toBe(true);
  });

  it('find a custom field by its name, its key or its id, and ask for them only where they must', async () => {
    const [goal, referred] = rig.sim.world.furniture(BLUE_FITNESS.id).customFields.map(({ id }) => id);
    const lines = ['goal = Run', 'referred_by=Ada', `${goal}=Swim`];
    for (const line of lines) await act(ctx, 'updateContact', { contactId: contactId(), customFields: [line] });
    const written = rig.seen.filter(({ req }) => req.method === 'PUT').map(({ req }) => JSON.parse(req.body).customFields);
    expect(written).toEqual([
      [{ id: goal, field_value: 'Run' }],
      [{ id: referred, field_value: 'Ada' }],
      [{ id: goal, field_value: 'Swim' }],
    ]);
    const asked = rig.seen.filter(({ req }) => req.path.endsWith('/customFields'));
    expect(asked.map(({ req }) => req.query.get('model'))).toEqual(['contact', 'contact']);
  });

  it('create with the tags of the settings, and custom fields as the provider wants them written', async () => {
    const field = rig.sim.world.furniture(BLUE_FITNESS.id).customFields[0]?.id as string;
    const tagged = rig.ctx({ config: { contactTags: ['store'] } });
    const input = { firstName: 'Ada', email: 'ada@new.example', tags: ['vip'], customFields: [`${field}=a=b`] };
    const { data, effects } = await act(tagged, 'createContact', input);
    expect(sent(0)).toEqual({
      firstName: 'Ada',
      email: 'ada@new.example',
      tags: ['vip', 'store'],
      customFields: [{ id: field, field_value: 'a=b' }],
      locationId: BLUE_FITNESS.id,
    });
    expect(data['contact']).toMatchObject({ id: expect.any(String) });
    expect(recordIn(effects)).toMatchObject({ data: { name: 'Ada', customFields: [{ id: field, value: 'a=b' }] } });
  });

  it('succeed although the contact cannot be read back, and have it synced where anything is', async () => {
    rig.intercept = (req) => (req.method === 'GET' ? { status: 500, body: {} } : undefined);
    const result = await act(ctx, 'createContact', { firstName: 'Ada' });
    expect(result).toMatchObject({ data: { contact: { firstName: 'Ada' } }, effects: [{ kind: 'resync', stream: 'contacts' }] });
    const sending = rig.ctx({ config: { direction: 'out' } });
    expect(await act(sending, 'createContact', { firstName: 'Bea' })).toMatchObject({ effects: [] });
  });

  it('update what is given and leave tags alone', async () => {
    const before = rig.sim.world.get('contacts', contactId());
    const { effects } = await act(ctx, 'updateContact', { contactId: contactId(), city: 'Dallas', tags: [] });
    expect(sent(0)).toEqual({ city: 'Dallas' });
    expect(recordIn(effects)).toMatchObject({ data: { city: 'Dallas', tags: before?.['tags'] } });
  });

  it('create once and update afterwards, tagging the new one only', async () => {
    const tagged = rig.ctx({ config: { contactTags: ['store'] } });
    const first = await act(tagged, 'upsertContact', { email: 'up@new.example', firstName: 'Up' });
    const again = await act(tagged, 'upsertContact', { email: 'up@new.example', lastName: 'Sert' });
    expect([first.data['created'], again.data['created']]).toEqual([true, false]);
    expect(recordIn(again.effects)).toMatchObject({
      id: recordIn(first.effects)?.id,
      data: { name: 'Up Sert', tags: ['store'] },
    });
    expect(rig.seen.filter(({ req }) => req.path.endsWith('/tags'))).toHaveLength(1);
  });

  it('are sent again after an unclear failure only where the contact is found again', async () => {
    const asked: unknown[] = [];
    const { http } = ctx;
    const post: typeof http.post = (url, options) => {
      if (url === '/contacts/upsert') asked.push(options?.idempotent);
      return http.post(url, options);
    };
    const watched = { ...ctx, http: { ...http, post } };
    for (const found of [{ email: 'found@new.example' }, { phone: '+15550001111' }, {}]) {
      await act(watched, 'upsertContact', { firstName: 'Ann', ...found });
    }
    expect(asked).toEqual([true, true, false]);
  });

  it('add and remove tags without touching the others', async () => {
    await act(ctx, 'updateContact', { contactId: contactId(), tags: ['a', 'b'] });
    await act(ctx, 'addTags', { contactId: contactId(), tags: ['c'] });
    const { effects, data } = await act(ctx, 'removeTags', { contactId: contactId(), tags: ['a'] });
    expect(data['tags']).toEqual(['b', 'c']);
    expect(recordIn(effects)).toMatchObject({ data: { tags: ['b', 'c'] } });
  });
});

describe('booking actions', () => {
  it('ask for at most 31 days, in order', async () => {
    const ask = (from: string, to: string) => failure(act(ctx, 'getFreeSlots', { calendarId: calendarId(), from, to }));
    expect((await ask('2026-03-01T00:00:00Z', '2026-04-02T00:00:00Z'))?.fields?.[0]?.pointer).toBe('/to');
    expect((await ask('2026-03-02T00:00:00Z', '2026-03-01T00:00:00Z'))?.fields?.[0]?.pointer).toBe('/to');
    expect(rig.seen).toEqual([]);
  });

  it('list free slots by day, in the zone of the location', async () => {
    const slot = await firstSlot();
    expect(slot).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:00-0[56]:00$/);
    expect(rig.seen[0]?.req.query.get('startDate')).toMatch(/^\d{13}$/);
    expect(rig.seen[0]?.req.query.get('timezone')).toBe('America/Chicago');
  });

  it('refuse a slot that is taken, and free it again on cancelling', async () => {
    const startTime = await firstSlot();
    const input = { calendarId: calendarId(), contactId: contactId(), startTime };
    const { data, effects } = await act(ctx, 'bookAppointment', input);
    expect(data['message']).toMatch(/^Booked for \d+ \w+ \d{4} at \d\d:\d\d \(\w+\/\w+\)\.$/);
    const booked = recordIn(effects);
    expect(booked).toMatchObject({ data: { startTime, appointmentStatus: 'confirmed', contactId: contactId() } });
    expect(await firstSlot()).not.toBe(startTime);
    expect((await failure(act(ctx, 'bookAppointment', input)))?.message).toMatch(/no longer available/);
    const cancelled = await act(ctx, 'cancelAppointment', { appointmentId: booked?.id, notify: false });
    expect(cancelled.data['message']).toMatch(/^Cancelled\./);
    expect(recordIn(cancelled.effects)).toMatchObject({ data: { appointmentStatus: 'cancelled' } });
    expect(await firstSlot()).toBe(startTime);
  });

  it('move an appointment and keep its length', async () => {
    const input = { calendarId: calendarId(), contactId: contactId(), startTime: await firstSlot() };
    const id = recordIn((await act(ctx, 'bookAppointment', input)).effects)?.id;
    const startTime = await firstSlot();
    const { data, effects } = await act(ctx, 'rescheduleAppointment', { appointmentId: id, startTime });
    expect(data['message']).toMatch(/^Moved to /);
    const moved = recordIn(effects);
    const [start, end] = ['startTime', 'endTime'].map((name) =>
      Date.parse(String((moved as { data: object }).data[name as never])),
    );
    expect(start).toBe(Date.parse(startTime));
    expect((end as number) - (start as number)).toBe(3_600_000);
  });

  it('block a time for a calendar or a person, never both or neither', async () => {
    const [startTime, endTime] = ['2030-03-14T09:00:00Z', '2030-03-14T10:00:00Z'];
    const both = { calendarId: calendarId(), assignedUserId: 'u1', startTime, endTime };
    expect((await failure(act(ctx, 'createBlockSlot', both)))?.consequence).toBe('rejected');
    expect((await failure(act(ctx, 'createBlockSlot', { startTime, endTime })))?.consequence).toBe('rejected');
    expect(rig.seen).toEqual([]);
    const { data } = await act(ctx, 'createBlockSlot', { calendarId: calendarId(), startTime, endTime });
    expect(data['message']).toBe('Blocked 14 March 2030 at 04:00 (America/Chicago).');
    expect(data['block']).toMatchObject({ id: expect.any(String), calendarId: calendarId() });
  });

  it('do not sync blocked times as appointments', async () => {
    const [startTime, endTime] = [1, 2].map((hours) => new Date(Date.now() + hours * 3_600_000).toISOString());
    const { data } = await act(ctx, 'createBlockSlot', { calendarId: calendarId(), startTime, endTime });
    expect((await run(ctx, 'appointments')).ids).not.toContain((data['block'] as { id: string }).id);
  });

  it('say when a moment does not exist', async () => {
    const input = { calendarId: calendarId(), from: '2026-13-40T00:00:00Z', to: '2026-03-01T00:00:00Z' };
    expect((await failure(act(ctx, 'getFreeSlots', input)))?.consequence).toBe('rejected');
  });
});

describe('opportunity actions', () => {
  it('need a pipeline, given or set', async () => {
    const error = await failure(act(ctx, 'createOpportunity', { name: 'Deal', contactId: contactId() }));
    expect(error?.fields?.[0]?.pointer).toBe('/pipelineId');
  });

  it('create in the default pipeline and change the status', async () => {
    const pipelineId = rig.sim.world.furniture(BLUE_FITNESS.id).pipelines[1]?.id as string;
    const withDefault = rig.ctx({ config: { pipelineId } });
    const created = recordIn((await act(withDefault, 'createOpportunity', { name: 'Deal', contactId: contactId() })).effects);
    expect(created).toMatchObject({ data: { name: 'Deal', pipelineId, status: 'open', contactId: contactId() } });
    const { effects } = await act(ctx, 'setOpportunityStatus', { opportunityId: created?.id, status: 'won' });
    expect(recordIn(effects)).toMatchObject({ id: created?.id, data: { status: 'won' } });
  });
});

import { describe, expect, it } from '@jest/globals';
import type { HubEvent, Incoming } from 'patchbay';
import type { Context } from './manifest.ts';
import { BLUE_FITNESS } from './sandbox/demo.ts';
import { act, handlers, newRig, type Rig, recordIn, run } from './test-rig.ts';

const event = (type: string, data: Record<string, unknown> = {}): HubEvent => ({
  id: 'w1',
  type,
  data,
  account: BLUE_FITNESS.id,
});
const on = (ctx: Context, one: HubEvent) => handlers.webhook.onEvent?.(ctx, one) ?? Promise.resolve([]);

/** What the hub would do with all the webhooks the simulator has sent. */
async function handled(rig: Rig, ctx = rig.ctx()) {
  const read = rig.webhooks().flatMap((req: Incoming) => handlers.webhook.events(req));
  return { types: read.map(({ type }) => type), effects: (await Promise.all(read.map((one) => on(ctx, one)))).flat() };
}

describe('webhook events', () => {
  it('change nothing when they are of another kind, say nothing, or are unknown', async () => {
    const ctx = newRig().ctx();
    for (const type of ['INSTALL', 'TaskCreate', 'InvoicePaid', 'ContactSomething', 'Contact']) {
      expect(await on(ctx, event(type, { id: 'x' }))).toEqual([]);
    }
    expect(await on(ctx, event('ContactCreate'))).toEqual([]);
  });

  it('change nothing for what is not synced, or over a connection that only sends', async () => {
    const rig = newRig();
    const { contactId } = await rig.press('addContact');
    const created = event('ContactCreate', { id: contactId });
    expect(await on(rig.ctx({ config: { streams: ['calendars'] } }), created)).toEqual([]);
    expect(await on(rig.ctx({ config: { direction: 'out' } }), created)).toEqual([]);
    expect(await on(rig.ctx(), created)).toHaveLength(1);
  });

  it('are tried again while the provider is away', async () => {
    const rig = newRig();
    const { contactId } = await rig.press('addContact');
    await rig.press('fail', { how: '500', calls: 1 });
    await expect(on(rig.ctx(), event('ContactUpdate', { id: contactId }))).rejects.toMatchObject({ consequence: 'try-later' });
  });

  it('delete the contact when it is gone by the time they are handled', async () => {
    expect(recordIn(await on(newRig().ctx(), event('ContactUpdate', { id: 'gone' })))).toEqual({ id: 'gone', deleted: true });
  });

  it('keep a contact in the shape a sync gives it', async () => {
    const rig = newRig();
    const { contactId } = await rig.press('addContact', { tag: 'VIP' });
    const fromEvent = recordIn(await on(rig.ctx(), event('ContactTagUpdate', { id: contactId, tags: [] })));
    const { items } = await run(rig.ctx(), 'contacts');
    expect(fromEvent).toEqual(items.find(({ id }) => id === contactId));
    expect(fromEvent).toMatchObject({ data: { tags: ['vip'] }, updatedAt: expect.any(String) });
  });

  it('keep appointments and opportunities in the shape a sync gives them', async () => {
    const rig = newRig();
    const { appointmentId } = await rig.press('bookAppointment');
    const { opportunityId } = await rig.press('addOpportunity');
    const booked = recordIn(await on(rig.ctx(), event('AppointmentCreate', { appointment: { id: appointmentId } })));
    const deal = recordIn(await on(rig.ctx(), event('OpportunityMonetaryValueUpdate', { id: opportunityId })));
    expect((await run(rig.ctx(), 'appointments')).items).toContainEqual(booked);
    expect((await run(rig.ctx(), 'opportunities')).items).toContainEqual(deal);
  });

  it('leave out appointments of calendars that were not chosen', async () => {
    const rig = newRig();
    const { appointmentId } = await rig.press('bookAppointment');
    const ctx = rig.ctx({ config: { calendarIds: ['another'] } });
    const booked = event('AppointmentUpdate', { appointment: { id: appointmentId } });
    expect(recordIn(await on(ctx, booked))).toEqual({ id: appointmentId, deleted: true });
  });

  it('follow a contact, a booking and an opportunity through their lives', async () => {
    const rig = newRig();
    const { contactId } = await rig.press('addContact');
    await rig.press('changeContact', { contactId });
    const { appointmentId } = await rig.press('bookAppointment', { contactId });
    await act(rig.ctx(), 'cancelAppointment', { appointmentId });
    const { opportunityId } = await rig.press('addOpportunity', { contactId });
    await act(rig.ctx(), 'setOpportunityStatus', { opportunityId, status: 'won' });
    await rig.press('deleteContact', { contactId });
    const { types, effects } = await handled(rig);
    expect(types).toEqual([
      'ContactCreate',
      'ContactUpdate',
      'AppointmentCreate',
      'AppointmentUpdate',
      'OpportunityCreate',
      'OpportunityUpdate',
      'OpportunityStatusUpdate',
      'ContactDelete',
    ]);
    expect(recordIn([...effects].reverse())).toEqual({ id: contactId, deleted: true });
  });

  it('keep messages as they came', async () => {
    const rig = newRig();
    const { messageId } = await rig.press('sendMessage', { body: 'Hello' });
    expect(recordIn((await handled(rig)).effects)).toMatchObject({
      id: messageId,
      data: { body: 'Hello', direction: 'inbound', messageType: 'SMS' },
    });
    expect(recordIn(await on(rig.ctx(), event('OutboundMessage', { body: 'Hi' })))).toMatchObject({
      id: 'w1',
      data: { body: 'Hi' },
    });
  });

  it('disconnect an uninstalled app, but not a private token', async () => {
    const rig = newRig();
    await rig.press('uninstall');
    expect((await handled(rig, rig.ctx({ method: 'manual' }))).effects).toEqual([]);
    const { effects } = await handled(rig, rig.ctx({ method: 'oauth', config: { direction: 'out' } }));
    expect(effects).toEqual([{ kind: 'disconnect', reason: expect.stringMatching(/uninstalled/) }]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { models } from './models.ts';

const account = { externalId: 'loc', label: 'Blue Fitness', vars: { timezone: 'America/Chicago' } };

describe('a contact in the shape all providers share', () => {
  it('says who it is, where, and how to reach them; times in UTC with the zone of the location', () => {
    const data = {
      ...{ id: 'c1', firstName: 'Ann', lastName: 'Lee', name: 'Ann Lee', email: 'ann@example.com', phone: '+15551234567' },
      ...{ companyName: 'Lee Ltd', address1: '1 Main St', city: 'Austin', state: 'TX', postalCode: '78701', country: 'US' },
      ...{ tags: ['vip', 7], source: 'web', dnd: false, dateAdded: '2026-01-31T10:00:00+0200' },
    };
    expect(models.contacts.of(data, account)).toEqual({
      ...{ firstName: 'Ann', lastName: 'Lee', name: 'Ann Lee', email: 'ann@example.com', phone: '+15551234567' },
      ...{ company: 'Lee Ltd', tags: ['vip'], source: 'web' },
      address: { line1: '1 Main St', city: 'Austin', state: 'TX', postalCode: '78701', country: 'US' },
      createdAt: { at: '2026-01-31T08:00:00.000Z', zone: '+0200' },
    });
  });

  it('is unsubscribed where it asked not to be disturbed, and keeps its own zone', () => {
    const data = { dnd: true, timezone: 'Europe/Berlin', dateUpdated: '2026-01-31T10:00:00.000Z' };
    expect(models.contacts.of(data, account)).toEqual({
      ...{ consent: 'unsubscribed', timezone: 'Europe/Berlin' },
      updatedAt: { at: '2026-01-31T10:00:00.000Z', zone: 'America/Chicago' },
    });
  });
});

describe('an appointment in the shape all providers share', () => {
  it.each([
    ['new', 'booked'],
    ['confirmed', 'confirmed'],
    ['showed', 'completed'],
    ['noshow', 'no-show'],
    ['cancelled', 'cancelled'],
    ['invalid', undefined],
  ])('that is %s there is %s', (appointmentStatus, status) => {
    const data = {
      startTime: '2026-03-08T09:00:00-06:00',
      endTime: '2026-03-08T10:00:00-06:00',
      appointmentStatus,
      contactId: 'c1',
    };
    const read = models.appointments.of(data, account);
    expect(read).toMatchObject({
      startsAt: { at: '2026-03-08T15:00:00.000Z', zone: '-06:00' },
      endsAt: { at: '2026-03-08T16:00:00.000Z', zone: '-06:00' },
      contactId: 'c1',
    });
    expect(read.status).toBe(status);
  });

  it('is none without a time', () => {
    expect(() => models.appointments.of({ startTime: 'soon' }, account)).toThrow('no time at which it begins');
  });
});

describe('an opportunity in the shape all providers share', () => {
  it('has no value: the provider names no currency', () => {
    const data = {
      id: 'o1',
      name: 'Gym',
      status: 'won',
      monetaryValue: 120,
      pipelineId: 'p',
      pipelineStageId: 's',
      contactId: 'c1',
    };
    expect(models.opportunities.of(data, account)).toEqual({
      ...{ name: 'Gym', status: 'won', pipeline: 'p', stage: 's', contactId: 'c1' },
    });
  });

  it('is none in a state nobody knows', () => {
    expect(() => models.opportunities.of({ id: 'o1', status: 'maybe' }, account)).toThrow('cannot be maybe');
  });
});

describe('a message in the shape all providers share', () => {
  it.each([
    ['SMS', 'sms'],
    ['TYPE_SMS', 'sms'],
    ['Email', 'email'],
    ['Live Chat', 'chat'],
    ['GMB', 'other'],
  ])('of the kind %s goes by %s', (messageType, channel) => {
    const data = { direction: 'inbound', messageType, body: 'Hi', status: 'delivered', dateAdded: '2026-01-31T10:00:00Z' };
    expect(models.messages.of(data, account)).toEqual({
      ...{ channel, direction: 'inbound', body: 'Hi', status: 'delivered' },
      sentAt: { at: '2026-01-31T10:00:00.000Z', zone: 'America/Chicago' },
    });
  });

  it('is none that went no way', () => {
    expect(() => models.messages.of({ messageType: 'SMS' }, account)).toThrow('which way it went');
  });
});

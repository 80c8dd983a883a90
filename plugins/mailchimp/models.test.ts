import { describe, expect, it } from '@jest/globals';
import { handlers } from './test-rig.ts';

describe('the shared shapes', () => {
  const account = { externalId: 'a', label: 'A', vars: { timezone: 'America/Chicago' } };
  const of = (stream: string, data: object) => handlers.streams[stream]?.model?.of(data as Record<string, unknown>, account);

  it('says whether a contact may be written to, and nothing for an archived one', () => {
    const consents = ['subscribed', 'unsubscribed', 'pending', 'cleaned', 'transactional'].map((status) =>
      of('members', { status }),
    );
    expect(consents).toEqual(['subscribed', 'unsubscribed', 'pending', 'bounced', 'never-asked'].map((consent) => ({ consent })));
    expect(of('members', { status: 'archived', email: 'a@b.example' })).toEqual({ email: 'a@b.example' });
  });

  it('reads a contact whole', () => {
    const address = { addr1: '1 Main St', addr2: '', city: 'Austin', state: 'TX', zip: '78701', country: 'US' };
    expect(of('members', { email: 'a@b.example', fullName: 'Ada A', address, createdAt: '2026-01-02T03:04:05.000Z' })).toEqual({
      email: 'a@b.example',
      name: 'Ada A',
      address: { line1: '1 Main St', city: 'Austin', state: 'TX', postalCode: '78701', country: 'US' },
      createdAt: { at: '2026-01-02T03:04:05.000Z' },
    });
  });

  it('reads a report in the days of the account, with shares of what was delivered and money in cents', () => {
    const report = of('reports', {
      title: 'Spring',
      listId: 'l',
      type: 'regular',
      sentAt: '2026-03-02T03:00:00.000Z',
      lastOpenAt: '2026-03-05T12:00:00.000Z',
      emailsSent: 110,
      hardBounces: 4,
      softBounces: 6,
      uniqueOpens: 25,
      clickers: 5,
      revenue: 19.99,
      currency: 'USD',
    });
    expect(report).toMatchObject({
      from: '2026-03-01',
      to: '2026-03-05',
      zone: 'America/Chicago',
      currency: 'USD',
      metrics: { sent: 110, bounces: 10, openShare: 0.25, clickShare: 0.05, revenue: 1999 },
    });
  });

  it.each([
    ['HUF', 1000.5, 100_050],
    ['JPY', 500, 500],
    ['KWD', 1.234, 1234],
  ])('counts what was earned in the smallest unit of %s', (currency, revenue, wanted) => {
    const report = of('reports', { sentAt: '2026-03-02T03:00:00.000Z', revenue, currency });
    expect(report).toMatchObject({ currency, metrics: { revenue: wanted } });
  });

  it('leaves out a share of nothing', () => {
    const report = of('reports', { sentAt: '2026-03-02T03:00:00.000Z', uniqueOpens: 0 });
    expect(report).toMatchObject({ metrics: { uniqueOpens: 0 } });
    expect(report).not.toHaveProperty('metrics.openShare');
  });

  it('throws for a campaign in a state it does not know', () => {
    expect(() => of('campaigns', { title: 'x', status: 'teleported' })).toThrow(/teleported/);
    expect(of('campaigns', { title: 'x', status: 'canceling' })).toMatchObject({ status: 'ended', channel: 'email' });
  });
});

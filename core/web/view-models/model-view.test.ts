import { describe, expect, it } from '@jest/globals';
import { modelLabel, modelNote, modelView } from './model-view.ts';

it('calls a record by its name, else by its money', () => {
  const amount = { amount: 1800, currency: 'EUR' };
  expect(modelLabel({ kind: 'payment', amount })).toBe('€18.00');
  expect(modelLabel({ kind: 'invoice', number: 'R-7', total: amount })).toBe('R-7');
  expect(modelLabel({ kind: 'message' })).toBeUndefined();
});

it.each([
  ['HUF', 100_000, 'HUF 1,000.00'],
  ['JPY', 100_000, '¥100,000'],
  ['KWD', 100_000, 'KWD 100.000'],
])('shows %s with the digits its smallest unit has', (currency, amount, shown) => {
  const text = modelLabel({ kind: 'payment', amount: { amount, currency } });
  expect(text?.replaceAll('\u00a0', ' ')).toBe(shown);
});

it('shows money in its own unit, times with their zone, and leaves out what is not known', () => {
  const { title, facts } = modelView({
    kind: 'payment',
    status: 'succeeded',
    amount: { amount: 1999, currency: 'USD' },
    fee: { amount: 150, currency: 'JPY' },
    refunded: { amount: 5, currency: 'nonsense' },
    at: { at: 'yesterday', zone: 'Europe/Berlin' },
    tags: ['a', 'b'],
    address: { city: 'Berlin', country: 'DE' },
    method: undefined,
  });
  expect(title).toBe('As a payment');
  expect(facts.map(({ label, value }) => `${label}: ${value}`)).toEqual([
    'Status: succeeded',
    'Amount: $19.99',
    'Fee: ¥150',
    'Refunded: 5 nonsense',
    'At: yesterday (Europe/Berlin)',
    'Tags: a, b',
    'Address: City Berlin, Country DE',
  ]);
});

describe('what a list shows beside a record', () => {
  const zone = 'Europe/Berlin';

  it('is nothing where its shape knows nothing more than its name', () => {
    expect(modelNote({ kind: 'contact', name: 'Ann' }, 'Ann')).toBe('');
  });

  it('are amount, state and time of a payment', () => {
    const payment = {
      kind: 'payment',
      status: 'succeeded',
      amount: { amount: 1999, currency: 'USD' },
      at: { at: 'today', zone },
    };
    expect(modelNote(payment as never, 'ch_1')).toBe(`$19.99 · succeeded · today (${zone})`);
    expect(modelNote(payment as never, '$19.99')).toBe(`succeeded · today (${zone})`);
  });

  it('is a time by the clock of its reader and of its place, said once where they are the same', () => {
    const at = (zone: string) => modelNote({ kind: 'payment', at: { at: '2026-01-31T01:42:00Z', zone } } as never, 'x');
    expect(at('America/Chicago')).toBe('31 Jan 2026, 01:42 UTC (30 Jan 2026, 19:42 GMT-6, America/Chicago)');
    expect(at('UTC')).toBe('31 Jan 2026, 01:42 UTC');
    expect(at('Nowhere/Else')).toBe('31 Jan 2026, 01:42 UTC (Nowhere/Else)');
  });

  it('are the first figures of a report, money as money', () => {
    const metrics = { sessions: 1200, purchaseRevenue: 123_456, rate: 0.1234, clicks: 3, views: 9 };
    const report = { kind: 'report', from: '2026-01-31', to: '2026-01-31', dimensions: {}, metrics, currency: 'USD' };
    expect(modelNote(report as never, 'x')).toBe('Sessions 1,200 · Purchase revenue $1,234.56 · Rate 0.12 · Clicks 3');
  });
});

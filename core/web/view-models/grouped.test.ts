import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../notices/delivery-store.ts';
import { eventView, failureOf } from './event-view.ts';
import { grouped } from './grouped.ts';
import { deliveryRows } from './notices-page.ts';

let minute = 60;
const earlier = () => new Date(Date.UTC(2026, 10, 21, 9, --minute));

const change = (state: string, reason: string | null = null, type = 'ContactCreate') => ({
  ...{ id: `${state}-${minute}`, type, state, reason },
  receivedAt: earlier(),
});
const counts = (...changes: ReturnType<typeof change>[]) =>
  grouped(
    changes.map((event) => eventView(event)),
    failureOf,
  ).map(({ repeats }) => repeats.length);

describe('live changes in a list', () => {
  it('that failed and say the same are told once, by the latest, with when the first of them came', () => {
    const [latest, other, first] = [change('dead', 'No shelf.'), change('dead', 'No list.'), change('dead', 'No shelf.')];
    const [row, next] = grouped(
      [latest, other, first].map((event) => eventView(event)),
      failureOf,
    );
    expect(row).toMatchObject({ id: latest.id, place: first.id, first: first.receivedAt });
    expect([row?.repeats.map(({ id }) => id), next?.repeats]).toEqual([[latest.id, first.id], []]);
  });

  it('that are tried again for the same reason are told once, apart from those that were given up for it', () => {
    const again = () => change('pending', 'No shelf.');
    expect(counts(again(), change('dead', 'No shelf.'), again(), change('pending'), again())).toEqual([2, 0, 0, 0]);
  });

  it('of other kinds, or with one between them that did not fail, stand by themselves', () => {
    expect(counts(change('dead', 'No.'), change('dead', 'No.', 'ContactDelete'))).toEqual([0, 0]);
    expect(counts(change('dead', 'No.'), change('handled'), change('dead', 'No.'))).toEqual([0, 0, 0]);
    expect(counts(change('parked', 'Later.'), change('parked', 'Later.'))).toEqual([0, 0]);
  });
});

describe('deliveries of a webhook', () => {
  it('that were given up, or are tried again, for the same reason are told once, those on their way each', () => {
    const made = (state: Delivery['state'], reason: string | null) =>
      ({
        id: `d${minute}`,
        endpointId: 'e',
        kind: 'integration.recovered',
        state,
        reason,
        attempts: 9,
        createdAt: earlier(),
      }) as Delivery;
    const rows = deliveryRows([
      made('failed', 'It answered 500.'),
      made('failed', 'It answered 500.'),
      made('delivered', null),
      made('queued', 'It answered 500.'),
      made('queued', 'It answered 500.'),
      made('queued', null),
      made('queued', null),
    ]);
    expect(rows.map(({ repeats }) => repeats.length)).toEqual([2, 0, 2, 0, 0]);
    expect(new Set(rows[0]?.repeats.map(({ replay }) => replay)).size).toBe(2);
  });
});

import { describe, expect, it } from '@jest/globals';
import { addDays, dayIn, daysBetween } from './days.ts';
import { filled, isoTime, number, picked, rawOf, rows, text } from './reading.ts';

const JUNK = [undefined, null, '', 'x', 7, Number.NaN, true, [], {}];

describe('reading an answer', () => {
  it('makes of junk nothing, never something else', () => {
    expect(JUNK.map(text)).toEqual([undefined, undefined, undefined, 'x', ...Array(5).fill(undefined)]);
    expect(JUNK.map(number)).toEqual([...Array(4).fill(undefined), 7, ...Array(4).fill(undefined)]);
    expect(JUNK.map((value) => rows(value).length)).toEqual(Array(JUNK.length).fill(0));
    expect(JUNK.map(rawOf)).toEqual(Array(JUNK.length).fill({}));
    expect(JUNK.map(isoTime)).toEqual(Array(JUNK.length).fill(undefined));
  });

  it('keeps what is there', () => {
    expect(rows([{ id: 1 }, null, 'x', [2], { id: 3 }])).toEqual([{ id: 1 }, { id: 3 }]);
    expect(picked({ a: 0, b: null, c: '', d: undefined, e: 1 }, ['a', 'b', 'c', 'd'])).toEqual({ a: 0, c: '' });
    expect(filled({ a: 0, b: null, c: '', d: undefined, e: false, f: [] })).toEqual({ a: 0, e: false, f: [] });
    expect(['2026-01-31T10:00:00+0000', '2026-01-31T12:00:00+02:00'].map(isoTime)).toEqual(
      Array(2).fill('2026-01-31T10:00:00.000Z'),
    );
  });
});

describe('calendar days', () => {
  it('are those of the place, over the ends of months, years and summer time', () => {
    const midnight = Date.parse('2026-03-29T00:30:00Z');
    expect([dayIn('Europe/Berlin', midnight), dayIn('America/Chicago', midnight)]).toEqual(['2026-03-29', '2026-03-28']);
    expect([addDays('2026-12-31', 1), addDays('2028-03-01', -1)]).toEqual(['2027-01-01', '2028-02-29']);
    expect(daysBetween('2026-03-28', '2026-03-30')).toEqual(['2026-03-28', '2026-03-29', '2026-03-30']);
    expect(daysBetween('2026-03-30', '2026-03-28')).toEqual([]);
  });
});

import { describe, expect, it } from '@jest/globals';
import { cursorOf, positionOf } from './cursor.ts';

const ID = '0199b3a0-0000-7000-8000-000000000001';
const read = (at: string, id = ID) => positionOf(cursorOf({ at, id }) ?? '');

describe('a cursor somebody made up', () => {
  it.each(['9999-99-99 99:99:99+99', '2026-02-31 10:00:00+00', '0000-01-01 00:00:00+00', '2026-01-01 24:00:00+00', 'infinity'])(
    'that stands at %s is none of ours, as the database would find out later',
    (at) => expect(() => read(at)).toThrow('The cursor is not one of this list'),
  );

  it('with an id that is none, or more than a place, is none of ours either', () => {
    expect(() => read('2026-11-21 10:00:00+00', "' or 1=1")).toThrow('The cursor is not one of this list');
    const long = Buffer.from(JSON.stringify(['2026-11-21 10:00:00+00', ID, 1])).toString('base64url');
    expect(() => positionOf(long)).toThrow('The cursor is not one of this list');
    expect(() => positionOf('e30')).toThrow('The cursor is not one of this list');
  });
});

describe('a cursor of ours', () => {
  it.each(['2026-11-21 10:00:00.123456+00', '2028-02-29 23:59:59-03:30', '1890-01-01 00:00:00+00:19:32'])(
    'that stands at %s is read',
    (at) => expect(read(at)).toEqual({ at, id: ID }),
  );
});

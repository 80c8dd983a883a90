import { describe, expect, it } from '@jest/globals';
import { type Form, hubError } from '../sdk/index.ts';
import { FormChecker, splitSecrets } from './form-check.ts';

const form = {
  type: 'object',
  required: ['token', 'locationId'],
  properties: {
    token: {
      type: 'string',
      title: 'Private integration token',
      pattern: '^pit-',
      'x-pattern-message': 'must begin with pit-',
      'x-secret': true,
    },
    locationId: { type: 'string', title: 'Location ID', minLength: 3, maxLength: 24 },
    site: { type: 'string', title: 'Site', format: 'uri' },
    direction: { type: 'string', title: 'Direction', enum: ['in', 'both'], default: 'in' },
    days: { type: 'integer', title: 'Days', minimum: 1, maximum: 90, default: 30 },
    tidy: { type: 'boolean', title: 'Tidy' },
    streams: {
      type: 'array',
      title: 'Streams',
      items: { type: 'string', enum: ['contacts', 'calendars'] },
      default: ['contacts'],
    },
    tags: { type: 'array', title: 'Tags', items: { type: 'string' }, maxItems: 2 },
    note: { type: 'string', title: 'Note', 'x-multiline': true, 'x-placeholder': 'free text' },
    calendar: { type: 'string', title: 'Calendar', 'x-options': 'calendars' },
    slashed: { type: 'string', title: 'Slashed' },
  },
} as const satisfies Form;
const good = { token: 'pit-1', locationId: 'loc-1' };
const checker = new FormChecker();

function faults(values: unknown, options?: Parameters<FormChecker['check']>[2]) {
  try {
    checker.check(form, values, options);
  } catch (error) {
    return hubError(error)?.fields;
  }
  return [];
}

describe('checking values against a form', () => {
  it.each([
    ['nothing at all', undefined, '', 'Expected an object that holds the fields by name.'],
    ['a list', [], '', 'Expected an object that holds the fields by name.'],
    ['a missing field', { token: 'pit-1' }, '/locationId', 'Location ID is required.'],
    ['a required field of blanks', { ...good, locationId: '   ' }, '/locationId', 'Location ID is required.'],
    ['a wrong beginning', { ...good, token: 'eyJ-secret' }, '/token', 'Private integration token must begin with pit-'],
    ['a short text', { ...good, locationId: 'ab' }, '/locationId', 'Location ID must have at least 3 characters.'],
    ['a long text', { ...good, locationId: 'a'.repeat(25) }, '/locationId', 'Location ID must have at most 24 characters.'],
    ['a number for a text', { ...good, locationId: 12345 }, '/locationId', 'Location ID must be text.'],
    ['a text for a number', { ...good, days: '30' }, '/days', 'Days must be a whole number.'],
    ['a fraction', { ...good, days: 1.5 }, '/days', 'Days must be a whole number.'],
    ['too little', { ...good, days: 0 }, '/days', 'Days must be 1 or more.'],
    ['too much', { ...good, days: 91 }, '/days', 'Days must be 90 or less.'],
    ['a word for a switch', { ...good, tidy: 'yes' }, '/tidy', 'Tidy must be true or false.'],
    ['null', { ...good, days: null }, '/days', 'Days must be a whole number.'],
    ['an unknown choice', { ...good, direction: 'out' }, '/direction', 'Direction must be one of in, both.'],
    ['an unknown entry', { ...good, streams: ['x'] }, '/streams/0', 'Each entry of Streams must be one of contacts, calendars.'],
    ['an entry that is no text', { ...good, tags: [1] }, '/tags/0', 'Each entry of Tags must be text.'],
    ['too many entries', { ...good, tags: ['a', 'b', 'c'] }, '/tags', 'Tags may hold at most 2 entries.'],
    ['no address', { ...good, site: 'example' }, '/site', 'Site must be a full address such as https://example.com.'],
  ])('refuses %s', (_, values, pointer, message) => {
    expect(faults(values)).toEqual([{ pointer, message }]);
  });

  it('refuses unknown fields by name, however they are called', () => {
    const values = JSON.parse('{"token":"pit-1","locationId":"loc-1","__proto__":{"x":1},"a/b~c":2}');
    expect(faults(values, { pointer: '/fields' })).toEqual([
      {
        pointer: '/fields/__proto__',
        message: expect.stringMatching(/^"__proto__" is not a field here; the fields are token, /),
      },
      { pointer: '/fields/a~1b~0c', message: expect.stringContaining('is not a field here') },
    ]);
  });

  it('names every field at fault at once, with the code it was asked for', () => {
    const error = catchError(() => checker.check(form, { days: 0 }, { pointer: '/fields', code: 'CONFIG_SCHEMA_INVALID' }));
    expect(error?.code).toBe('CONFIG_SCHEMA_INVALID');
    expect(error?.consequence).toBe('rejected');
    expect(error?.fields?.map(({ pointer }) => pointer).sort()).toEqual(['/fields/days', '/fields/locationId', '/fields/token']);
    expect(error?.message).toContain('Location ID is required.');
  });

  it('never repeats what was sent', () => {
    const error = catchError(() => checker.check(form, { ...good, token: 'hunter2' }));
    expect(JSON.stringify([error?.message, error?.fields])).not.toContain('hunter2');
  });

  it('fills in defaults without touching the values it was given', () => {
    const given = { ...good };
    expect(checker.check(form, given)).toEqual({ ...good, direction: 'in', days: 30, streams: ['contacts'] });
    expect(given).toEqual(good);
  });

  it('asks nothing of a part but that it is right', () => {
    expect(checker.check(form, { days: 5 }, { partial: true })).toEqual({ days: 5 });
    expect(faults({ days: '5' }, { partial: true })).toHaveLength(1);
  });

  it('refuses to compile a form that is not one', () => {
    expect(() => checker.compile({ type: 'object', properties: { a: { type: 'string', title: 'A', pattern: '(' } } })).toThrow();
    const odd = { type: 'object', properties: { a: { type: 'string', title: 'A', 'x-nonsense': 1 } } } as unknown as Form;
    expect(() => checker.compile(odd)).toThrow(/x-nonsense/);
  });
});

describe('a posted page', () => {
  it('becomes typed values', () => {
    const body = {
      _csrf: 'x',
      token: ' pit-1 ',
      locationId: 'loc-1',
      site: '',
      days: '7',
      tidy: ['', 'on'],
      streams: 'calendars',
      tags: 'one\r\n\r\n two ',
      note: 'a\r\nb',
    };
    expect(checker.fromPost(form, body)).toEqual({
      token: 'pit-1',
      locationId: 'loc-1',
      days: 7,
      tidy: true,
      streams: ['calendars'],
      tags: ['one', 'two'],
      note: 'a\nb',
    });
  });

  it('leaves out blank texts, so that a blank secret keeps the stored one, but says no for an unticked box', () => {
    expect(checker.fromPost(form, { token: '', locationId: ' ', days: '' })).toEqual({ tidy: false, streams: [], tags: [] });
  });

  it('passes on what does not convert, for the check to refuse', () => {
    const values = checker.fromPost(form, { ...good, days: 'many', tidy: 'maybe', streams: { x: '1' } });
    expect(
      faults(values)
        ?.map(({ pointer }) => pointer)
        .sort(),
    ).toEqual(['/days', '/streams', '/tidy']);
    expect(checker.fromPost(form, null)).toEqual({ tidy: false, streams: [], tags: [] });
  });
});

it('splits secrets from what may be stored as it is', () => {
  expect(splitSecrets(form, { ...good, days: 3 })).toEqual({
    plain: { locationId: 'loc-1', days: 3 },
    secret: { token: 'pit-1' },
  });
});

function catchError(run: () => unknown) {
  try {
    run();
  } catch (error) {
    return hubError(error);
  }
  return undefined;
}

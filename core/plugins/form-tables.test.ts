import { describe, expect, it } from '@jest/globals';
import { type Form, hubError } from '../sdk/index.ts';
import { FormChecker } from './form-check.ts';

const form = {
  type: 'object',
  required: ['lines'],
  properties: {
    fields: { type: 'object', title: 'Fields', 'x-keys': { email: 'E-mail', phone: 'Phone' } },
    merge: { type: 'object', title: 'Merge fields', 'x-keys': 'keys', 'x-options': 'targets', default: { FNAME: 'firstName' } },
    lines: {
      type: 'array',
      title: 'Lines',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['sku', 'price'],
        properties: {
          sku: { type: 'string', title: 'Article', pattern: '^[A-Z]', 'x-pattern-message': 'must begin with a capital' },
          price: { type: 'number', title: 'Price', minimum: 0 },
          taxed: { type: 'boolean', title: 'Taxed', default: true },
          unit: { type: 'string', title: 'Unit', enum: ['piece', 'hour'], default: 'piece' },
        },
      },
    },
  },
} as const satisfies Form;
const checker = new FormChecker();
const good = { lines: [{ sku: 'A1', price: 5 }] };

function faults(values: unknown) {
  try {
    checker.check(form, values, { pointer: '/config' });
  } catch (error) {
    return hubError(error)?.fields;
  }
  return [];
}

describe('values of a map or a table', () => {
  it.each([
    ['no object for a map', { ...good, fields: 'x' }, '/config/fields', 'Fields must be an object that holds values by name.'],
    ['a number in a map', { ...good, fields: { email: 5 } }, '/config/fields/email', 'Each entry of Fields must be text.'],
    [
      'a name that is not offered',
      { ...good, fields: { fax: 'FAX' } },
      '/config/fields/fax',
      '"fax" is not one of Fields; there are email, phone.',
    ],
    ['no list for a table', { lines: {} }, '/config/lines', 'Lines must be a list of lines.'],
    [
      'a line that is no object',
      { lines: ['x'] },
      '/config/lines/0',
      'Lines, line 1: It must be an object that holds values by name.',
    ],
    ['a missing cell', { lines: [...good.lines, { sku: 'B' }] }, '/config/lines/1/price', 'Lines, line 2: Price is required.'],
    ['a blank cell', { lines: [{ sku: ' ', price: 1 }] }, '/config/lines/0/sku', 'Lines, line 1: Article is required.'],
    [
      'a text for a number',
      { lines: [{ sku: 'A', price: '5' }] },
      '/config/lines/0/price',
      'Lines, line 1: Price must be a number.',
    ],
    [
      'a wrong beginning',
      { lines: [{ sku: 'a', price: 5 }] },
      '/config/lines/0/sku',
      'Lines, line 1: Article must begin with a capital',
    ],
    ['too little', { lines: [{ sku: 'A', price: -1 }] }, '/config/lines/0/price', 'Lines, line 1: Price must be 0 or more.'],
    [
      'an unknown column',
      { lines: [{ sku: 'A', price: 1, 'a/b': 1 }] },
      '/config/lines/0/a~1b',
      'Lines, line 1: "a/b" is not a field here; the fields are sku, price, taxed, unit.',
    ],
    ['too many lines', { lines: Array(4).fill(good.lines[0]) }, '/config/lines', 'Lines may hold at most 3 entries.'],
  ])('are refused for %s, with a pointer to it', (_, values, pointer, message) => {
    expect(faults(values)).toEqual([{ pointer, message }]);
  });

  it('are filled up with defaults, those of the columns too', () => {
    expect(checker.check(form, good)).toEqual({
      lines: [{ sku: 'A1', price: 5, taxed: true, unit: 'piece' }],
      merge: { FNAME: 'firstName' },
    });
  });

  it('of names a loader offers are any texts by name', () => {
    expect(faults({ ...good, merge: { 'address[city]': 'city', __proto: 'x' } })).toEqual([]);
  });
});

describe('a posted page with a map and a table', () => {
  it('becomes typed values: blank entries and lines go, the others keep their order', () => {
    const body = {
      'fields[email]': ' EMAIL ',
      'fields[phone]': '',
      'merge[address[city]]': 'city',
      'lines[2][sku]': 'B',
      'lines[2][price]': '7.5',
      'lines[0][sku]': '',
      'lines[0][price]': ' ',
      'lines[0][taxed]': 'on',
      'lines[0][unit]': '',
      'lines[10][sku]': 'C',
      'lines[10][price]': 'dear',
      'lines[10][taxed]': 'on',
      'lines[x][sku]': 'no',
      linesX: '1',
    };
    expect(checker.fromPost(form, body)).toEqual({
      fields: { email: 'EMAIL' },
      merge: { 'address[city]': 'city' },
      lines: [
        { sku: 'B', price: 7.5, taxed: false },
        { sku: 'C', price: 'dear', taxed: true },
      ],
    });
  });

  it('keeps a name every object has as a name like any other', () => {
    const { merge } = checker.fromPost(form, { 'merge[__proto__]': 'x' });
    expect(Object.keys(merge as object)).toEqual(['__proto__']);
  });

  it('says nothing of what was not there', () => {
    expect(checker.fromPost(form, {})).toEqual({ fields: {}, merge: {}, lines: [] });
  });

  it('passes on what is neither, for the check to refuse', () => {
    expect(checker.fromPost(form, { fields: 'x', lines: ['y'] })).toMatchObject({ fields: 'x', lines: ['y'] });
  });
});

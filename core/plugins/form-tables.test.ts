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
      minItems: 1,
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

const text = { type: 'string', title: 'Text' } as const;
const open = {
  type: 'object',
  properties: {
    lines: form.properties.lines,
    notes: { type: 'array', title: 'Notes', items: { type: 'object', required: ['text'], properties: { text } } },
    names: { type: 'array', title: 'Names', items: { type: 'string' } },
  },
} as const satisfies Form;

function refusal(values: unknown, of: Form = form) {
  try {
    checker.check(of, values, { pointer: '/config' });
  } catch (error) {
    return hubError(error);
  }
  return undefined;
}

function faults(values: unknown, of: Form = form) {
  const refused = refusal(values, of);
  return refused ? refused.fields : [];
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
    ['no line where one is needed', { lines: [] }, '/config/lines', 'Lines must hold at least 1 entry.'],
    ['too many lines', { lines: Array(4).fill(good.lines[0]) }, '/config/lines', 'Lines may hold at most 3 entries.'],
  ])('are refused for %s, with a pointer to it', (_, values, pointer, message) => {
    expect(faults(values)).toEqual([{ pointer, message }]);
  });

  it.each([
    ['a table with a bound of its own', 'lines', 3],
    ['one without', 'notes', 1000],
    ['a list', 'names', 1000],
  ])('are counted before anything is looked at: %s', (_, name, most) => {
    let looked = 0;
    const ownKeys = () => {
      looked += 1;
      return [];
    };
    const row = new Proxy({}, { ownKeys });
    const title = open.properties[name as keyof typeof open.properties].title;
    const pointer = `/config/${name}`;
    expect(faults({ [name]: Array(most + 1).fill(row) }, open)).toEqual([
      { pointer, message: `${title} may hold at most ${most} entries.` },
    ]);
    expect(looked).toBe(0);
  });

  it('need not be there where a page leaves them empty, though they may not be too few', () => {
    const optional = { ...form, required: [] } as const satisfies Form;
    expect(checker.fromPost(optional, {})).not.toHaveProperty('lines');
    expect(checker.fromPost(form, {})).toMatchObject({ lines: [] });
  });

  it('are counted in a map as well', () => {
    const merge = Object.fromEntries(Array.from({ length: 1001 }, (_, at) => [`m${at}`, 1]));
    const message = 'Merge fields may hold at most 1000 entries.';
    expect(faults({ ...good, merge })).toEqual([{ pointer: '/config/merge', message }]);
  });

  it('are not read from a posted page beyond the bound either', () => {
    const rows = Array(1001).fill({ text: ' a ' });
    expect(checker.fromPost(open, { notes: rows })['notes'] === rows).toBe(true);
  });

  it.each([
    ['lines that lack a cell', { notes: Array(1000).fill({}) }],
    ['unknown fields', Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`x${at}`, 1]))],
    ['blank cells', { notes: Array(1000).fill({ text: ' ' }) }],
  ])('are told of a hundred faults at the most: %s', (_, values) => {
    const said = refusal(values, open);
    expect(said?.fields).toHaveLength(100);
    expect(said?.message).toMatch(/ And at least 97 more\.$/);
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

  it('takes for a filled line only one with texts', () => {
    const body = { 'lines[0][sku]': { toString: 1, valueOf: 1 }, 'lines[1][sku]': 'B', 'lines[1][price]': '1' };
    expect(checker.fromPost(form, body)).toMatchObject({ lines: [{ sku: 'B', price: 1 }] });
  });

  it('says nothing of what was not there', () => {
    expect(checker.fromPost(form, {})).toEqual({ fields: {}, merge: {}, lines: [] });
  });

  it('passes on what is neither, for the check to refuse', () => {
    expect(checker.fromPost(form, { fields: 'x', lines: ['y'] })).toMatchObject({ fields: 'x', lines: ['y'] });
  });
});

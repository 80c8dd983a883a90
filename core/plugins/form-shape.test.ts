import { describe, expect, it } from '@jest/globals';
import type { Form } from '../sdk/index.ts';
import { formRuleFaults } from './form-rules.ts';
import { formFaults } from './manifest-check.ts';

const SAMPLE = {
  type: 'object',
  properties: {
    merge: { type: 'object', title: 'Merge fields', 'x-keys': 'keys', 'x-options': 'targets', default: { FNAME: 'firstName' } },
    lines: {
      type: 'array',
      title: 'Lines',
      maxItems: 3,
      items: {
        type: 'object',
        required: ['sku'],
        properties: { sku: { type: 'string', title: 'Article' }, taxed: { type: 'boolean', title: 'Taxed', default: true } },
      },
    },
  },
} as const satisfies Form;

describe('a form with a map and a table', () => {
  const at = ['config'];
  const shape = (properties: object) => formFaults({ type: 'object', properties }, at).map(({ message }) => message);
  const rules = (properties: object, loaders: string[] = []) =>
    formRuleFaults({ type: 'object', properties } as Form, at, loaders).map(({ message }) => message);
  const table = (properties: object, more: object = {}) => ({
    t: { type: 'array', title: 'T', items: { type: 'object', properties, ...more } },
  });

  it('has its shape', () => {
    expect(formFaults(SAMPLE, at)).toEqual([]);
    expect(formRuleFaults(SAMPLE, at, ['keys', 'targets'])).toEqual([]);
  });

  it('has no secret in a table', () => {
    expect(shape(table({ key: { type: 'string', title: 'Key', 'x-secret': true } }))).toEqual([
      'config.properties.t.items.properties.key.x-secret is not possible here; a table is shown and kept as it is, so ask for a secret in a field of its own',
    ]);
  });

  it.each([
    [
      'a table in a table',
      table({ rows: { type: 'array', title: 'R', items: { type: 'string' } } }),
      "must be 'string', 'number', 'integer' or 'boolean'",
    ],
    ['a table without columns', table({}), 'config.properties.t.items.properties'],
    [
      'a map without names',
      { m: { type: 'object', title: 'M' } },
      'config.properties.m.x-keys is missing; give the names and their labels',
    ],
    [
      'a map of numbers',
      { m: { type: 'object', title: 'M', 'x-keys': { a: 'A' }, default: { a: 1 } } },
      'config.properties.m.default.a',
    ],
    ['a kind there is not', { m: { type: 'null', title: 'M' } }, "'boolean', 'array' or 'object'"],
  ])('is refused for %s', (_, properties, message) => {
    expect(shape(properties)[0]).toContain(message);
  });

  it.each([
    [
      'required columns that are not there',
      table({ a: { type: 'string', title: 'A' } }, { required: ['b'] }),
      'items.required names "b"',
    ],
    [
      'a column whose loader is not there',
      table({ a: { type: 'string', title: 'A', 'x-options': 'as' } }),
      'names the loader "as"',
    ],
    ['names whose loader is not there', { m: { type: 'object', title: 'M', 'x-keys': 'ks' } }, 'm.x-keys names the loader "ks"'],
    [
      'a default that it refuses itself',
      { m: { type: 'object', title: 'M', 'x-keys': { a: 'A' }, default: { b: 'x' } } },
      'is refused by its own field',
    ],
    [
      'a default of a column',
      table({ a: { type: 'integer', title: 'A', default: 1.5 } }),
      'items.properties.a.default is refused',
    ],
  ])('is refused for %s', (_, properties, message) => {
    expect(rules(properties)[0]).toContain(message);
  });
});

describe('what a form says beside its fields', () => {
  const said = (at: string[], properties: object, required: string[] = []) =>
    formRuleFaults({ type: 'object', properties, required } as Form, at, []).map(({ message }) => message);
  const KEYS = ['auth', '0', 'fields'];
  const key = { type: 'string', title: 'Key' };
  const end = { type: 'string', title: 'Prefix', pattern: '^us\\d+$', 'x-end-of': 'key' };

  it.each([
    ['of no field', KEYS, { key, end: { ...end, 'x-end-of': 'kee' } }, [], 'names "kee", which is not another text field'],
    ['of itself', KEYS, { key, end: { ...end, 'x-end-of': 'end' } }, [], 'names "end", which is not another text field'],
    ['of a number', KEYS, { key: { type: 'integer', title: 'Key' }, end }, [], 'names "key", which is not another text field'],
    ['without a pattern', KEYS, { key, end: { ...end, pattern: undefined } }, [], 'needs a `pattern`'],
    ['that is required', KEYS, { key, end }, ['end'], 'take it out of `required`'],
    ['of a setting', ['config'], { key, end }, [], 'config.properties.end.x-end-of is not possible here'],
  ])('refuses an end %s', (_, at, properties, required, message) => {
    expect(said(at, JSON.parse(JSON.stringify(properties)), required)[0]).toContain(message);
  });

  it('takes the end of another text in a form of keys', () => {
    expect(said(KEYS, { key, end }, ['key'])).toEqual([]);
  });

  const folded = { ...key, 'x-advanced': true };

  it.each([
    ['a key', KEYS, { key: folded }, [], 'neither keys that an owner pastes nor columns are folded'],
    ['what must be filled in', ['config'], { key: folded }, ['key'], 'folds a required field; give it a default'],
    [
      'a column',
      ['config'],
      {
        t: {
          type: 'array',
          title: 'T',
          items: { type: 'object', properties: { n: { type: 'number', title: 'N', 'x-advanced': true } } },
        },
      },
      [],
      't.items.properties.n.x-advanced is not possible here',
    ],
  ])('folds no %s away', (_, at, properties, required, message) => {
    expect(said(at, properties, required)[0]).toContain(message);
  });

  it('folds what may stay as it is, of settings, actions and the operator’s app', () => {
    expect(said(['actions', 'tag', 'input'], { key: folded })).toEqual([]);
    expect(said(['app'], { key: folded })).toEqual([]);
    expect(said(['config'], { key: folded, days: { ...folded, default: 'x' } }, ['days'])).toEqual([]);
  });
});

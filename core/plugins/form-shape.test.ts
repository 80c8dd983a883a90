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

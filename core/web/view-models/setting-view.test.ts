import { describe, expect, it } from '@jest/globals';
import type { Field, Form } from '../../sdk/index.ts';
import { type FormInput, formView } from './form-view.ts';
import { type FoldedView, foldedFields, foldedView } from './setting-view.ts';

const folded = (field: Field, more: Partial<FormInput> = {}, unsaved = false): FoldedView => {
  const form: Form = { type: 'object', properties: { field }, ...more.form };
  const [view] = formView({ form, prefix: 'p-', ...more });
  if (!view) throw new Error('no field');
  return foldedView(view, unsaved);
};
const text = { type: 'string', title: 'T' } as const;
const four = { type: 'array', title: 'T', items: { type: 'string', enum: ['a', 'b', 'c', 'd'] } } as const;
const typed = { type: 'array', title: 'T', items: { type: 'string' } } as const;
const map = { type: 'object', title: 'T', 'x-keys': { email: 'E-mail', phone: 'Phone' } } as const;
const table = {
  type: 'array',
  title: 'T',
  items: { type: 'object', properties: { a: text, on: { type: 'boolean', title: 'On', default: true } } },
} as const;

describe('a folded setting', () => {
  it.each<[Field, unknown, string]>([
    [text, '', 'Not set'],
    [text, 'EUR', 'EUR'],
    [{ ...text, enum: ['in', 'out'], 'x-labels': { in: 'Inwards' } }, 'in', 'Inwards'],
    [{ ...text, enum: ['in', 'out'] }, undefined, 'Not set'],
    [{ type: 'integer', title: 'T' }, 28, '28'],
    [{ type: 'boolean', title: 'T' }, true, 'On'],
    [{ type: 'boolean', title: 'T' }, false, 'Off'],
    [four, [], 'None chosen'],
    [four, ['a', 'b'], 'a and b'],
    [four, ['a', 'b', 'c'], '3 of 4'],
    [typed, ['a', 'b', 'c'], '3 chosen'],
    [typed, ['vip'], 'vip'],
    [map, {}, 'None chosen'],
    [map, { email: 'EMAIL' }, '1 of 2'],
    [table, [], 'None chosen'],
    [table, [{ a: 'x', on: true }], '1 line'],
  ])('%j with %j says %s', (field, value, says) => {
    expect(folded(field, { values: { field: value, other: 1 } }).says).toBe(says);
  });

  it('never says a secret, only that there is one', () => {
    const secret: Field = { ...text, 'x-secret': true };
    expect(folded(secret, { values: { field: 'hunter2' }, stored: ['field'] }).says).toBe('Kept secret');
    expect(folded(secret).says).toBe('Not set');
  });

  it('counts what is chosen from a list that could not be read, whose names nobody knows', () => {
    const options = { tags: { trouble: 'Late.' } };
    expect(folded({ ...typed, 'x-options': 'tags' }, { values: { field: ['t1', 't2'] }, options }).says).toBe('2 chosen');
  });

  it('is open where something is wrong, lacks or is not saved, also inside', () => {
    const required: Form = { type: 'object', properties: { field: text }, required: ['field'] };
    const faults = (pointer: string) => [{ pointer, message: 'Wrong.' }];
    expect(folded(text).open).toBe(false);
    expect(folded(text, {}, true).open).toBe(true);
    expect(folded(text, { form: required }).open).toBe(true);
    expect(folded(text, { form: required, values: { field: 'x' } }).open).toBe(false);
    expect(folded(text, { faults: faults('/config/field') }).open).toBe(true);
    expect(folded(table, { values: { field: [{ a: '' }] }, faults: faults('/field/0/a') }).open).toBe(true);
  });

  it('holds no limit that a browser would refuse to send for while it cannot be seen', () => {
    const days: Field = { type: 'integer', title: 'T', minimum: 1, maximum: 90, default: 28 };
    expect(folded(days)).toMatchObject({ required: false, min: '', max: '', step: 'any' });
    expect(folded({ ...text, minLength: 3, maxLength: 5 })).toMatchObject({ minLength: '', maxLength: '5' });
  });
});

describe('a form with fields that are rarely changed', () => {
  const rare = { 'x-advanced': true } as const;
  const form: Form = {
    type: 'object',
    properties: {
      open: text,
      days: { type: 'integer', title: 'Days', default: 7, ...rare },
      on: { type: 'boolean', title: 'On', default: false, ...rare },
      list: { ...typed, ...rare },
      map: { ...map, ...rare },
    },
  };
  const shown = (values: Record<string, unknown>, more: Partial<FormInput> = {}) =>
    foldedFields({ form, views: formView({ form, prefix: 'p-', values, ...more }) }, values);
  const openedBy = (values: Record<string, unknown>, more: Partial<FormInput> = {}) =>
    shown(values, more)
      .folded.filter(({ open }) => open)
      .map(({ name }) => name);

  it('folds those and no others', () => {
    const { fields, folded } = shown({});
    expect([fields, folded].map((some) => some.map(({ name }) => name))).toEqual([['open'], ['days', 'on', 'list', 'map']]);
  });

  it('opens what is at fault, and what was typed unless it is the default or nothing', () => {
    expect(openedBy({})).toEqual([]);
    expect(openedBy({ open: 'x', days: '7', list: '', 'map[email]': '' })).toEqual([]);
    expect(openedBy({ days: '8', on: 'on', list: 'vip', 'map[email]': 'EMAIL' })).toEqual(['days', 'on', 'list', 'map']);
    expect(openedBy({ days: 'x' }, { faults: [{ pointer: '/days', message: 'Wrong.' }] })).toEqual(['days']);
    expect(openedBy({}, { faults: [{ pointer: '/list', message: 'Wrong.' }] })).toEqual(['list']);
  });
});

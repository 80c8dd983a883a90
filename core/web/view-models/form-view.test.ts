import { describe, expect, it } from '@jest/globals';
import type { Field, Form } from '../../sdk/index.ts';
import { forReader } from '../words/reader.ts';
import { type FieldKind, type FieldView, formView } from './form-view.ts';
import { postedFields } from './posted-fields.ts';

const one = (field: Field, more: Partial<Parameters<typeof formView>[0]> = {}): FieldView => {
  const form: Form = { type: 'object', properties: { field } };
  const [view] = formView({ form, prefix: 'p-', ...more });
  if (!view) throw new Error('no field');
  return view;
};

describe('a field', () => {
  const choices = { enum: ['a', 'b'] };
  const many = { enum: ['a', 'b', 'c', 'd', 'e'] };
  const cases: readonly [Field, FieldKind][] = [
    [{ type: 'string', title: 'T' }, 'text'],
    [{ type: 'string', title: 'T', format: 'uri' }, 'url'],
    [{ type: 'string', title: 'T', format: 'email' }, 'email'],
    [{ type: 'string', title: 'T', format: 'date' }, 'date'],
    [{ type: 'string', title: 'T', format: 'date-time' }, 'datetime-local'],
    [{ type: 'string', title: 'T', 'x-multiline': true }, 'multiline'],
    [{ type: 'string', title: 'T', 'x-secret': true }, 'secret'],
    [{ type: 'string', title: 'T', ...choices }, 'radios'],
    [{ type: 'string', title: 'T', ...many }, 'select'],
    [{ type: 'string', title: 'T', 'x-options': 'lists' }, 'text'],
    [{ type: 'integer', title: 'T' }, 'number'],
    [{ type: 'boolean', title: 'T' }, 'switch'],
    [{ type: 'array', title: 'T', items: { type: 'string', enum: ['a'] } }, 'checks'],
    [{ type: 'array', title: 'T', items: { type: 'string' } }, 'lines'],
  ];

  it.each(cases)('%j is drawn as %s', (field, kind) => {
    expect(one(field).kind).toBe(kind);
  });

  it('never gives a secret back, and says that one is stored', () => {
    const secret: Field = { type: 'string', title: 'Key', 'x-secret': true };
    const form: Form = { type: 'object', required: ['field'], properties: { field: secret } };
    const [view] = formView({ form, prefix: '', values: { field: 'hunter2' }, stored: ['field'] });
    expect(JSON.stringify(view)).not.toContain('hunter2');
    expect(view).toMatchObject({ stored: true, required: false, describedBy: 'field-stored' });
  });

  it('keeps what was typed, also what is wrong, and puts the sentence beside it', () => {
    const view = one(
      { type: 'integer', title: 'Days', default: 30 },
      { values: { field: 'soon' }, faults: [{ pointer: '/fields/field', message: 'Days must be a number.' }] },
    );
    expect(view).toMatchObject({ value: 'soon', error: 'Days must be a number.', describedBy: 'p-field-error' });
  });

  it('shows nothing of a value that no field could have sent', () => {
    expect(one({ type: 'string', title: 'T' }, { values: { field: { toString: 1 } } }).value).toBe('');
    expect(
      one({ type: 'array', title: 'T', items: { type: 'string' } }, { values: { field: ['a', { toString: 1 }] } }).value,
    ).toBe('a\n');
  });

  it('finds the sentence of a list entry', () => {
    const list: Field = { type: 'array', title: 'Tags', items: { type: 'string' } };
    expect(one(list, { faults: [{ pointer: '/field/2', message: 'Too long.' }] }).error).toBe('Too long.');
  });

  it('shows its default only where nothing was filled in yet', () => {
    const days: Field = { type: 'integer', title: 'Days', default: 30 };
    expect(one(days).value).toBe('30');
    expect(one(days, { values: { other: 1 } }).value).toBe('');
  });
});

describe('a secret that was typed', () => {
  const secret: Field = { type: 'string', title: 'Key', 'x-secret': true };
  const typed = { values: { field: 'hunter2' } };

  it('is never given back, and asked for again where the mistake is in another field', () => {
    const view = one(secret, { ...typed, faults: [{ pointer: '/fields/other', message: 'Wrong.' }] });
    expect(view).toMatchObject({ value: '', retype: true, describedBy: 'p-field-retype' });
    const wrong = one(secret, { ...typed, faults: [{ pointer: '/fields/field', message: 'Wrong.' }] });
    expect(wrong).toMatchObject({ value: '', retype: false, error: 'Wrong.' });
    expect(one(secret, typed).retype).toBe(false);
  });
});

describe('choices', () => {
  const list: Field = { type: 'string', title: 'List', 'x-options': 'lists' };

  it('offers what the provider lists, and keeps a chosen one that is gone', () => {
    const options = { lists: { options: [{ value: '1', label: 'One' }] } };
    const view = one(list, { options, values: { field: '7' } });
    expect(view.kind).toBe('select');
    expect(view.choices.map(({ label, chosen }) => [label, chosen])).toEqual([
      ['None', false],
      ['One', false],
      ['7 (not offered any more)', true],
    ]);
  });

  it('lets one type where they could not be loaded, and says so', () => {
    const view = one(list, { options: { lists: { trouble: 'Acme did not answer.' } }, values: { field: '7' } });
    expect(view).toMatchObject({ kind: 'text', value: '7', trouble: 'Acme did not answer.', describedBy: 'p-field-trouble' });
  });

  it('ticks the chosen ones of several', () => {
    const field: Field = {
      type: 'array',
      title: 'What',
      items: { type: 'string', enum: ['a', 'b'] },
      'x-labels': { a: 'Apples' },
    };
    expect(one(field, { values: { field: ['a'] } }).choices).toEqual([
      { id: 'p-field-0', value: 'a', label: 'Apples', chosen: true },
      { id: 'p-field-1', value: 'b', label: 'b', chosen: false },
    ]);
    expect(one(field, { values: { field: 'b' } }).choices.map(({ chosen }) => chosen)).toEqual([false, true]);
  });
});

describe('posted fields', () => {
  const form: Form = {
    type: 'object',
    properties: {
      tags: { type: 'array', title: 'Tags', items: { type: 'string' }, 'x-options': 'tags' },
      name: { type: 'string', title: 'Name' },
    },
  };

  it('takes the fields of the form and nothing else', () => {
    expect(postedFields(form, { name: 'n', _csrf: 'x', other: 'y' })).toEqual({ name: 'n' });
    expect(postedFields(form, undefined)).toEqual({});
  });

  it('cuts a list into lines only where it was typed', () => {
    expect(postedFields(form, { tags: 'a\r\nb', _lines: 'tags' })).toEqual({ tags: ['a', 'b'] });
    expect(postedFields(form, { tags: 'a' })).toEqual({ tags: 'a' });
  });
});

describe('a field for a moment', () => {
  const when: Field = { type: 'string', title: 'Start', format: 'date-time' };
  const form: Form = {
    type: 'object',
    properties: { when, rows: { type: 'array', title: 'R', items: { type: 'object', properties: { when } } } },
  };
  const inZone = <T>(timeZone: string, work: () => T) => forReader({ locale: 'en', timeZone }, work);

  it.each([
    ['2026-13-40T09:30', '2026-13-40T09:30'],
    ['tomorrow', 'tomorrow'],
    ['', ''],
    ['2026-07-24T09:30', '2026-07-24T09:30:00-05:00'],
    ['2026-11-24T09:30', '2026-11-24T09:30:00-06:00'],
    ['2026-11-24T09:30:00Z', '2026-11-24T09:30:00Z'],
  ])('takes "%s" by the clock of its reader in Chicago as "%s"', (typed, moment) => {
    expect(inZone('America/Chicago', () => postedFields(form, { when: typed }))).toMatchObject({ when: moment });
  });

  it('takes the hours around a change of the clocks as they are shown there, and halves of an hour', () => {
    const at = (zone: string, typed: string) => inZone(zone, () => postedFields(form, { when: typed })['when']);
    expect(at('Europe/Vienna', '2026-03-29T01:59')).toBe('2026-03-29T01:59:00+01:00');
    expect(at('Europe/Vienna', '2026-03-29T03:00')).toBe('2026-03-29T03:00:00+02:00');
    expect(at('Asia/Kolkata', '2026-03-29T03:00')).toBe('2026-03-29T03:00:00+05:30');
  });

  it('is taken in a line of a table as well', () => {
    const posted = { 'rows[0][when]': '2026-11-24T09:30' };
    expect(inZone('Asia/Tokyo', () => postedFields(form, posted))).toEqual({ rows: [{ when: '2026-11-24T09:30:00+09:00' }] });
  });

  it('shows a moment by the clock of its reader, and names the zone', () => {
    const shown = inZone('America/Chicago', () => one(when, { values: { field: '2026-11-24T15:30:00Z' } }));
    expect(shown).toMatchObject({
      value: '2026-11-24T09:30',
      description: 'Time zone: America/Chicago.',
      describedBy: 'p-field-hint',
    });
    expect(one(when, { values: { field: 'soon' } }).value).toBe('');
  });
});

import { describe, expect, it } from '@jest/globals';
import type { Form } from '../../sdk/index.ts';
import { type FormInput, formView } from './form-view.ts';
import { postedFields } from './posted-fields.ts';

const form = {
  type: 'object',
  properties: {
    price: { type: 'integer', title: 'Price' },
    merge: { type: 'object', title: 'Merge fields', 'x-keys': 'keys', 'x-options': 'targets' },
    lines: {
      type: 'array',
      title: 'Lines',
      maxItems: 4,
      items: {
        type: 'object',
        required: ['sku'],
        properties: {
          sku: { type: 'string', title: 'Article', enum: ['A', 'B'] },
          price: { type: 'integer', title: 'Price', default: 1 },
          taxed: { type: 'boolean', title: 'Taxed', default: true },
        },
      },
    },
  },
} as const satisfies Form;

const options: FormInput['options'] = {
  keys: { options: [{ value: 'address[city]', label: 'City' }] },
  targets: { options: [{ value: 'city', label: 'Town' }] },
};

function view(more: Partial<FormInput>) {
  const fields = formView({ form, prefix: 'p-', options, ...more });
  const [price, merge, lines] = fields;
  if (!price || !merge || !lines) throw new Error('a field is missing');
  return { price, merge, lines };
}

describe('a map', () => {
  it('has an input for each name that is offered, and keeps those that are not any more', () => {
    const { merge } = view({ values: { merge: { 'address[city]': 'city', FAX: 'fax' } } });
    expect(merge.kind).toBe('map');
    expect(merge.rows.map(({ label, cells }) => [label, cells[0]?.name, cells[0]?.kind])).toEqual([
      ['City', 'merge[address[city]]', 'select'],
      ['FAX (not offered any more)', 'merge[FAX]', 'select'],
    ]);
    const chosen = merge.rows.map(({ cells }) => cells[0]?.choices.find((choice) => choice.chosen)?.label);
    expect(chosen).toEqual(['Town', 'fax (not offered any more)']);
  });

  it('keeps what is set while the names cannot be loaded, and says why', () => {
    const { merge } = view({ values: { merge: { FAX: 'fax' } }, options: { keys: { trouble: 'Acme did not answer.' } } });
    expect(merge).toMatchObject({
      trouble: 'Acme did not answer.',
      rows: [{ label: 'FAX', cells: [{ kind: 'text', value: 'fax' }] }],
    });
  });

  it('has the sentence beside the input that is at fault', () => {
    const faults = [{ pointer: '/config/merge/address[city]', message: 'Too long.' }];
    const { merge } = view({ values: { merge: {} }, faults });
    expect(merge.error).toBeUndefined();
    expect(merge.rows[0]?.cells[0]).toMatchObject({ error: 'Too long.', describedBy: 'p-merge-0-entry-error' });
  });
});

describe('a table', () => {
  it('has its lines and blank ones, as many as there is room for', () => {
    const names = (values: object) => view({ values: { lines: values } }).lines.rows.map(({ cells }) => cells[1]?.name);
    expect(names([])).toEqual(['lines[0][price]', 'lines[1][price]', 'lines[2][price]']);
    expect(names([{}, {}])).toHaveLength(4);
    expect(names([{}, {}, {}, {}, {}])).toHaveLength(5);
  });

  it('shows a blank line that nobody has to fill in, with the defaults as hints', () => {
    const [sku, price, taxed] = view({ values: { lines: [] } }).lines.rows[0]?.cells ?? [];
    expect(sku).toMatchObject({ kind: 'select', required: false, spoken: 'Article, line 1' });
    expect(price).toMatchObject({ value: '', placeholder: '1' });
    expect(taxed).toMatchObject({ kind: 'switch', on: true });
  });

  it('has the sentence in the cell at fault, not at a field of the same name', () => {
    const faults = [
      { pointer: '/config/lines/1/price', message: 'Too dear.' },
      { pointer: '/config/lines', message: 'Too many.' },
    ];
    const { lines, price } = view({ values: { lines: [{ sku: 'A' }, { sku: 'B', price: 'x' }] }, faults });
    expect(price.error).toBeUndefined();
    expect(lines.error).toBe('Too many.');
    expect(lines.rows.map(({ cells }) => cells[1]?.error)).toEqual([undefined, 'Too dear.', undefined, undefined]);
    expect(lines.rows[1]?.cells[1]).toMatchObject({ value: 'x', describedBy: 'p-lines-1-price-error' });
  });

  it('shows again what was posted, line by line', () => {
    const body = { 'lines[0][sku]': '', 'lines[0][price]': '', 'lines[3][sku]': 'B', 'lines[3][price]': 'many' };
    const { lines } = view({ values: postedFields(form, body), faults: [{ pointer: '/lines/0/price', message: 'A number.' }] });
    expect(lines.rows[0]?.cells).toMatchObject([{ value: 'B' }, { value: 'many', error: 'A number.' }, { on: false }]);
  });
});

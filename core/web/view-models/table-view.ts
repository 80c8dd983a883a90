import { isMap, isTable, keyLoaderOf, loaderOf } from '../../plugins/form-kinds.ts';
import type { Field, FieldFault, Form, MapField, Option, TableField } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import { unescaped } from './field-faults.ts';
import type { CellView, ColumnView, FieldView, FormInput, RowView } from './field-view.ts';

/** Lines for new entries: a page without JavaScript cannot add any. */
const BLANK_LINES = 3;

export interface TableInput {
  readonly id: string;
  readonly name: string;
  readonly field: Field;
  readonly value: unknown;
  /** From the field on: `/2/price`. */
  readonly faults: readonly FieldFault[];
  readonly options: FormInput['options'];
}

type Draw = (input: FormInput, name: string, field: Field) => FieldView;
type Values = Readonly<Record<string, unknown>>;

/** What is inside a map or a table; nothing for other fields. */
export function tableParts(input: TableInput, draw: Draw): Pick<FieldView, 'rows' | 'columns'> {
  const { field } = input;
  if (isMap(field)) return { rows: mapRows(input, field, draw), columns: [] };
  if (isTable(field)) return { rows: tableRows(input, field, draw), columns: columnsOf(field) };
  return { rows: [], columns: [] };
}

/** Names that are set stay, also while they are not offered. */
function mapRows({ id, name, value, faults, options }: TableInput, field: MapField, draw: Draw): RowView[] {
  const values = isRecord(value) ? value : {};
  const offered = keysOf(field, options);
  const gone = Object.keys(values).filter((key) => !offered.some((option) => option.value === key));
  const loaded = keyLoaderOf(field) === undefined || offered.length > 0;
  const kept = gone.map((key) => ({ value: key, label: loaded ? t('form.gone', { name: key }) : key }));
  const loader = loaderOf(field);
  return [...offered, ...kept].map(({ value: key, label }, at) => {
    const entry: Field = { type: 'string', title: label, ...(loader !== undefined && { 'x-options': loader }) };
    const own = faults.filter(({ pointer }) => unescaped(pointer.slice(1)) === key);
    const form: Form = { type: 'object', properties: { entry } };
    const told = own.map(({ message }) => ({ pointer: '/entry', message }));
    const input = { form, prefix: `${id}-${at}-`, values: { entry: values[key] }, faults: told, options, compact: true };
    return { label, cells: [cell(draw(input, 'entry', entry), { name: `${name}[${key}]`, spoken: '' })] };
  });
}

function keysOf(field: MapField, options: FormInput['options']): readonly Option[] {
  const keys = field['x-keys'];
  if (typeof keys !== 'string') return Object.entries(keys).map(([value, label]) => ({ value, label }));
  const loaded = options?.[keys];
  return loaded && 'options' in loaded ? loaded.options : [];
}

function tableRows(input: TableInput, field: TableField, draw: Draw): RowView[] {
  const lines = Array.isArray(input.value) ? input.value.map((line) => (isRecord(line) ? line : {})) : [];
  const room = Math.max((field.maxItems ?? Number.POSITIVE_INFINITY) - lines.length, 0);
  const blank = Array.from({ length: Math.min(BLANK_LINES, room) }, () => undefined);
  return [...lines, ...blank].map((line, at) => tableRow(input, field, { line, at, draw }));
}

interface Line {
  /** Undefined: a blank one. */
  readonly line: Values | undefined;
  readonly at: number;
  readonly draw: Draw;
}

function tableRow({ id, name, faults, options }: TableInput, { items }: TableField, { line, at, draw }: Line): RowView {
  const label = t('form.line', { number: at + 1 });
  const own = faults.flatMap(({ pointer, message }) =>
    pointer.startsWith(`/${at}/`) ? [{ pointer: pointer.slice(`/${at}`.length), message }] : [],
  );
  const cells = Object.entries(items.properties).map(([column, field]) => {
    // A filled-in default would make a blank line look like one that somebody wrote; the check fills it in.
    const { default: standard, ...bare } = field;
    const shown = (field.type === 'boolean' ? field : bare) as Field;
    const form: Form = { type: 'object', properties: items.properties, required: items.required ?? [] };
    const input = { form, prefix: `${id}-${at}-`, values: line, faults: own, options, compact: true };
    const drawn = draw(input, column, shown);
    const placeholder = drawn.placeholder || (standard === undefined ? '' : String(standard));
    return cell(
      { ...drawn, placeholder },
      { name: `${name}[${at}][${column}]`, spoken: t('form.lineOf', { title: field.title, number: at + 1 }) },
    );
  });
  return { label, cells };
}

function cell(drawn: FieldView, { name, spoken }: Pick<CellView, 'name' | 'spoken'>): CellView {
  // Clearing a line takes it away, so the browser must let it go; the check says what a line lacks.
  return { ...drawn, name, spoken, required: false, describedBy: drawn.error ? `${drawn.id}-error` : '' };
}

function columnsOf({ items }: TableField): ColumnView[] {
  return Object.entries(items.properties).map(([name, field]) => ({
    title: field.title,
    description: field.description,
    optional: field.type !== 'boolean' && field.default === undefined && !items.required?.includes(name),
  }));
}

function isRecord(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { isMap, isTable, isTextual, loaderOf, loadersOf } from '../../plugins/form-kinds.ts';
import type { Field, Option, TextField } from '../../sdk/index.ts';
import { toClock } from '../words/local-time.ts';
import { reader } from '../words/reader.ts';
import { t } from '../words/texts.ts';
import { faultsOf } from './field-faults.ts';
import type { ChoiceView, FieldKind, FieldView, FormInput, Loaded } from './field-view.ts';
import { tableParts } from './table-view.ts';

export type { FieldKind, FieldView, FormInput, Loaded } from './field-view.ts';

/** The fields of a form with what is known about each; secrets are never given back. */
export function formView(input: FormInput): FieldView[] {
  return Object.entries(input.form.properties).map(([name, field]) => fieldView(input, name, field));
}

function fieldView(input: FormInput, name: string, field: Field): FieldView {
  const id = `${input.prefix}${name}`.replace(/[^\w-]/g, '-');
  const loader = loaderOf(field);
  const loaded = loader === undefined ? undefined : input.options?.[loader];
  const trouble = troubleOf(input, field);
  const faults = faultsOf(input, name);
  const inCells = isMap(field) || isTable(field);
  const error = faults.find(({ pointer }) => !inCells || pointer.split('/').length < (isMap(field) ? 2 : 3))?.message;
  const value = input.values?.[name] ?? ('default' in field && !hasValues(input) ? field.default : undefined);
  const offered = offeredBy(field, loaded);
  const kind = kindOf(field, offered, input.compact === true);
  const description = descriptionOf(field, kind);
  const stored = kind === 'secret' && (input.stored ?? []).includes(name);
  const retype = kind === 'secret' && !error && (input.faults ?? []).length > 0 && textOf(value) !== '';
  const required = (input.form.required ?? []).includes(name);
  const settled = kind === 'radios' || kind === 'select' ? 'default' in field && field.default !== undefined : false;
  return {
    id,
    name,
    kind,
    label: field.title,
    description,
    value: shownValue(kind, value),
    on: value === true || value === 'on' || value === 'true',
    choices: choicesOf({ id, kind, value, offered: offered ?? [], required, blank: !required && !settled }),
    required: required && !stored,
    optional: !required && !stored && !settled,
    placeholder: (field.type === 'string' && field['x-placeholder']) || '',
    error,
    trouble,
    pending: isPending(input, field),
    stored,
    retype,
    ...limitsOf(field),
    describedBy: describedBy(id, [description, stored, retype, trouble, error]),
    split: kind === 'lines' && loader !== undefined,
    ...tableParts({ id, name, field, value, faults, options: input.options }, fieldView),
  };
}

function shownValue(kind: FieldKind, value: unknown): string {
  if (kind === 'secret') return '';
  return kind === 'datetime-local' ? toClock(textOf(value), reader().timeZone) : textOf(value);
}

/** A time says nothing without its zone. */
function descriptionOf({ description }: Field, kind: FieldKind): string | undefined {
  if (kind !== 'datetime-local') return description;
  const zone = t('form.zone', { zone: reader().timeZone.replaceAll('_', ' ') });
  return description === undefined ? zone : `${description} ${zone}`;
}

/** Why choices could not be offered: of the field, of a map's names, of a column. */
function troubleOf({ options }: FormInput, field: Field): string | undefined {
  const asked = loadersOf(field).map((loader) => options?.[loader]);
  return asked.flatMap((one) => (one && 'trouble' in one ? [one.trouble] : []))[0];
}

function isPending({ options }: FormInput, field: Field): boolean {
  return loadersOf(field).some((loader) => {
    const asked = options?.[loader];
    return asked !== undefined && 'trouble' in asked && asked.pending === true;
  });
}

function hasValues(input: FormInput): boolean {
  return input.values !== undefined && Object.keys(input.values).length > 0;
}

/** The choices a field offers; undefined where one types. */
function offeredBy(field: Field, loaded: Loaded | undefined): readonly Option[] | undefined {
  if (loaded && 'options' in loaded) return loaded.options;
  if (!isTextual(field)) return undefined;
  const values = field.type === 'string' ? field.enum : field.items.enum;
  return values?.map((value) => ({ value, label: field['x-labels']?.[value] ?? value }));
}

function kindOf(field: Field, offered: readonly Option[] | undefined, compact: boolean): FieldKind {
  switch (field.type) {
    case 'boolean':
      return 'switch';
    case 'number':
    case 'integer':
      return 'number';
    case 'array':
      if (isTable(field)) return 'table';
      return offered ? 'checks' : 'lines';
    case 'object':
      return 'map';
    default:
      return textKind(field, offered, compact);
  }
}

function textKind(field: TextField, offered: readonly Option[] | undefined, compact: boolean): FieldKind {
  if (field['x-secret']) return 'secret';
  if (offered) return offered.length <= 4 && field.enum && !compact ? 'radios' : 'select';
  if (field['x-multiline']) return 'multiline';
  if (field.format === 'uri') return 'url';
  if (field.format === 'date-time') return 'datetime-local';
  return field.format ?? 'text';
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return typeof value === 'object' || value === undefined ? '' : String(value);
}

interface Choosing {
  readonly id: string;
  readonly kind: FieldKind;
  readonly value: unknown;
  readonly offered: readonly Option[];
  readonly required: boolean;
  /** May be none of them. */
  readonly blank: boolean;
}

function choicesOf({ id, kind, value, offered, required, blank }: Choosing): ChoiceView[] {
  if (kind !== 'select' && kind !== 'radios' && kind !== 'checks') return [];
  const chosen = (Array.isArray(value) ? value : [value]).map(textOf).filter(Boolean);
  const gone = chosen.filter((one) => !offered.some((option) => option.value === one));
  const asks = kind === 'select' && required;
  const none = kind !== 'checks' && (blank || asks) ? [{ value: '', label: t(asks ? 'form.choose' : 'form.none') }] : [];
  const kept = gone.map((one) => ({ value: one, label: t('form.gone', { name: one }) }));
  return [...none, ...offered, ...kept].map((option, index) => ({
    id: `${id}-${index}`,
    value: option.value,
    label: option.label,
    chosen: option.value === '' ? chosen.length === 0 : chosen.includes(option.value),
  }));
}

type Limits = Pick<FieldView, 'min' | 'max' | 'step' | 'minLength' | 'maxLength'>;

function limitsOf(field: Field): Limits {
  const limits = { min: '', max: '', step: '', minLength: '', maxLength: '' };
  if (field.type === 'string') return { ...limits, minLength: textOf(field.minLength), maxLength: textOf(field.maxLength) };
  if (field.type !== 'number' && field.type !== 'integer') return limits;
  return { ...limits, min: textOf(field.minimum), max: textOf(field.maximum), step: field.type === 'integer' ? '1' : 'any' };
}

function describedBy(id: string, [hint, stored, retype, trouble, error]: readonly unknown[]): string {
  const parts = [hint && 'hint', stored && 'stored', retype && 'retype', trouble && 'trouble', error && 'error'];
  return parts
    .filter(Boolean)
    .map((part) => `${id}-${part}`)
    .join(' ');
}

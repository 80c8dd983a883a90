import { isTextual, loaderOf } from '../../plugins/form-kinds.ts';
import type { Field, FieldFault, Form, Option, TextField } from '../../sdk/index.ts';

export type FieldKind =
  | 'text'
  | 'email'
  | 'url'
  | 'date'
  | 'secret'
  | 'number'
  | 'multiline'
  | 'lines'
  | 'switch'
  | 'select'
  | 'radios'
  | 'checks';

export interface ChoiceView {
  readonly id: string;
  readonly value: string;
  readonly label: string;
  readonly chosen: boolean;
}

/** One field, ready to be drawn. */
export interface FieldView {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly label: string;
  readonly description: string | undefined;
  /** Always empty for secrets. */
  readonly value: string;
  readonly on: boolean;
  readonly choices: readonly ChoiceView[];
  readonly required: boolean;
  /** May be left empty; false also where a default stands in. */
  readonly optional: boolean;
  readonly placeholder: string;
  readonly error: string | undefined;
  /** Why the choices could not be offered. */
  readonly trouble: string | undefined;
  /** A secret is stored: leaving the input blank keeps it. */
  readonly stored: boolean;
  /** A secret was typed and is not given back after a mistake elsewhere in the form. */
  readonly retype: boolean;
  readonly min: string;
  readonly max: string;
  readonly step: string;
  readonly minLength: string;
  readonly maxLength: string;
  /** Ids of what describes the input: hint, trouble, error. */
  readonly describedBy: string;
  readonly split: boolean;
}

/** Choices of a dynamic list, or the sentence that says why there are none. */
export type Loaded = { readonly options: readonly Option[] } | { readonly trouble: string };

export interface FormInput {
  readonly form: Form;
  /** Put before the ids, so that two forms of a page keep apart; the inputs are called as the fields are. */
  readonly prefix: string;
  /** Short choices as a list that opens, to save room. */
  readonly compact?: boolean;
  /** What was typed or is stored, typed as the form says or as posted. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** With pointers whose last part is the field's name (or name and index). */
  readonly faults?: readonly FieldFault[] | undefined;
  /** Name of the loader → what it answered. */
  readonly options?: Readonly<Record<string, Loaded>> | undefined;
  /** Secret fields that hold a value. */
  readonly stored?: readonly string[] | undefined;
}

/** The fields of a form with what is known about each; secrets are never given back. */
export function formView(input: FormInput): FieldView[] {
  return Object.entries(input.form.properties).map(([name, field]) => fieldView(input, name, field));
}

function fieldView(input: FormInput, name: string, field: Field): FieldView {
  const id = `${input.prefix}${name}`.replace(/[^\w-]/g, '-');
  const loader = loaderOf(field);
  const loaded = loader === undefined ? undefined : input.options?.[loader];
  const trouble = loaded && 'trouble' in loaded ? loaded.trouble : undefined;
  const error = faultOf(input, name);
  const value = input.values?.[name] ?? ('default' in field && !hasValues(input) ? field.default : undefined);
  const offered = offeredBy(field, loaded);
  const kind = kindOf(field, offered, input.compact === true);
  const stored = kind === 'secret' && (input.stored ?? []).includes(name);
  const retype = kind === 'secret' && !error && (input.faults ?? []).length > 0 && textOf(value) !== '';
  const required = (input.form.required ?? []).includes(name);
  const settled = kind === 'radios' || kind === 'select' ? 'default' in field && field.default !== undefined : false;
  return {
    id,
    name,
    kind,
    label: field.title,
    description: field.description,
    value: kind === 'secret' ? '' : textOf(value),
    on: value === true || value === 'on' || value === 'true',
    choices: choicesOf({ id, kind, value, offered: offered ?? [], required, blank: !required && !settled }),
    required: required && !stored,
    optional: !required && !stored && !settled,
    placeholder: (field.type === 'string' && field['x-placeholder']) || '',
    error,
    trouble,
    stored,
    retype,
    ...limitsOf(field),
    describedBy: describedBy(id, [field.description, stored, retype, trouble, error]),
    split: kind === 'lines' && loader !== undefined,
  };
}

function hasValues(input: FormInput): boolean {
  return input.values !== undefined && Object.keys(input.values).length > 0;
}

function faultOf(input: FormInput, name: string): string | undefined {
  const escaped = name.replaceAll('~', '~0').replaceAll('/', '~1');
  const found = input.faults?.find(({ pointer }) => pointer.split('/').includes(escaped));
  return found?.message;
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
      return offered ? 'checks' : 'lines';
    case 'object':
      return 'lines';
    default:
      return textKind(field, offered, compact);
  }
}

function textKind(field: TextField, offered: readonly Option[] | undefined, compact: boolean): FieldKind {
  if (field['x-secret']) return 'secret';
  if (offered) return offered.length <= 4 && field.enum && !compact ? 'radios' : 'select';
  if (field['x-multiline']) return 'multiline';
  if (field.format === 'uri') return 'url';
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
  const none = kind !== 'checks' && (blank || asks) ? [{ value: '', label: asks ? 'Choose…' : 'None' }] : [];
  const kept = gone.map((one) => ({ value: one, label: `${one} (not offered any more)` }));
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

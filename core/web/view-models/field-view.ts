import type { FieldFault, Form, Option } from '../../sdk/index.ts';

export type FieldKind =
  | 'text'
  | 'email'
  | 'url'
  | 'date'
  | 'datetime-local'
  | 'secret'
  | 'number'
  | 'multiline'
  | 'lines'
  | 'switch'
  | 'select'
  | 'radios'
  | 'checks'
  | 'map'
  | 'table';

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
  /** It is still to be chosen; the description says what for. */
  readonly wanted?: boolean;
  /** May be left empty; false also where a default stands in. */
  readonly optional: boolean;
  readonly placeholder: string;
  readonly error: string | undefined;
  /** Why the choices could not be offered. */
  readonly trouble: string | undefined;
  /** They are still being asked for. */
  readonly pending: boolean;
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
  /** Of a map: an input for each name. Of a table: the lines, the last ones blank. */
  readonly rows: readonly RowView[];
  /** Of a table. */
  readonly columns: readonly ColumnView[];
}

/** A name of a map with its input, or one line of a table. */
export interface RowView {
  readonly label: string;
  readonly cells: readonly CellView[];
}

/** An input without a label of its own. */
export interface CellView extends FieldView {
  /** What it is called for people who only hear it. */
  readonly spoken: string;
}

export interface ColumnView {
  readonly title: string;
  readonly description: string | undefined;
  readonly optional: boolean;
}

/** Choices of a dynamic list, or the sentence that says why there are none. */
export type Loaded = { readonly options: readonly Option[] } | { readonly trouble: string; readonly pending?: boolean };

export interface FormInput {
  readonly form: Form;
  /** Put before the ids, so that two forms of a page keep apart; the inputs are called as the fields are. */
  readonly prefix: string;
  /** Short choices as a list that opens, to save room. */
  readonly compact?: boolean;
  /** What was typed or is stored, typed as the form says or as posted. */
  readonly values?: Readonly<Record<string, unknown>> | undefined;
  /** With pointers that name the field, then what is inside it: `/config/items/2/price`. */
  readonly faults?: readonly FieldFault[] | undefined;
  /** Name of the loader → what it answered. */
  readonly options?: Readonly<Record<string, Loaded>> | undefined;
  /** Secret fields that hold a value. */
  readonly stored?: readonly string[] | undefined;
}

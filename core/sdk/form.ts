/**
 * A flat JSON Schema (draft 2020-12 subset) that the hub renders as a page, checks with Ajv and turns into a type.
 * Flat on purpose: it stays readable as a page and in an error. Unknown fields are always refused.
 */
export interface Form {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
}

/** One input; its key in `properties` is its name. */
export type Field = TextField | NumberField | SwitchField | ListField | MapField | TableField;

interface Described {
  /** The label beside the input. */
  readonly title: string;
  /** One or two sentences a store owner reads under the input: what it is, where to find it. */
  readonly description?: string;
  /**
   * In the settings of a connection, an action or the operator's app: rarely changed. Pages fold it behind one line that says
   * what is set, after what is not. A required one needs a default.
   */
  readonly 'x-advanced'?: true;
}

/** One line of text, or several. */
export interface TextField extends Described {
  readonly type: 'string';
  readonly default?: string;
  readonly enum?: readonly string[];
  /** ECMAScript regular expression; say in `x-pattern-message` what is expected. */
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  /** `date-time`: a moment with its offset, `2026-03-14T09:30:00+01:00`; pages ask for day and time in the reader's zone. */
  readonly format?: 'uri' | 'email' | 'date' | 'date-time';
  /** Encrypted at rest, never shown again; a blank input keeps the stored value. */
  readonly 'x-secret'?: true;
  /** Name of the loader in `options` that offers the choices. */
  readonly 'x-options'?: string;
  /**
   * In the input of an action: it takes the id of a record of this stream (`contacts`), or what stands in one of its fields
   * (`members.email`). Pages offer the action beside each of those records, with all such fields filled in.
   */
  readonly 'x-record'?: string;
  /**
   * In the keys an owner pastes: another text field of the form. Left empty, this one is what stands behind the last dash of
   * that one, where it fits this one's own `pattern`: the data centre of an API key. It has a pattern and is not required.
   */
  readonly 'x-end-of'?: string;
  readonly 'x-multiline'?: true;
  readonly 'x-placeholder'?: string;
  readonly 'x-pattern-message'?: string;
  /** Words for the values of `enum`. */
  readonly 'x-labels'?: Readonly<Record<string, string>>;
}

/** A number; `integer` for whole ones. */
export interface NumberField extends Described {
  readonly type: 'number' | 'integer';
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /**
   * In the input of an action, of an `integer`: money in the unit of a part of a record, named by the field that takes the
   * record's id and the part of its data (`payment.amount`). The shared shape of the record must have money under that name.
   * Pages ask for it as people write it (`19.99`), calls give it in that unit (`1999`).
   */
  readonly 'x-money'?: string;
}

/** Yes or no. */
export interface SwitchField extends Described {
  readonly type: 'boolean';
  readonly default?: boolean;
}

/** Several texts: checkboxes where `items.enum` or `x-options` offer choices, one per line otherwise. */
export interface ListField extends Described {
  readonly type: 'array';
  readonly items: { readonly type: 'string'; readonly enum?: readonly string[] };
  readonly default?: readonly string[];
  /** A required one may be empty without it. */
  readonly minItems?: number;
  /** Default 1,000. */
  readonly maxItems?: number;
  readonly 'x-options'?: string;
  readonly 'x-labels'?: Readonly<Record<string, string>>;
}

/** Texts by name: a table of two columns, such as which field of the store goes into which field of the provider. */
export interface MapField extends Described {
  readonly type: 'object';
  /** The left column: names and their labels, or the loader in `options` that offers them. */
  readonly 'x-keys': Readonly<Record<string, string>> | string;
  /** Name of the loader in `options` that offers the choices of the right column; free text without. */
  readonly 'x-options'?: string;
  readonly default?: Readonly<Record<string, string>>;
}

/** Rows of equal shape, such as the lines of an order. */
export interface TableField extends Described {
  readonly type: 'array';
  readonly items: RowForm;
  readonly default?: readonly Readonly<Record<string, string | number | boolean>>[];
  /** A required one may be empty without it. */
  readonly minItems?: number;
  /** Default 1,000. */
  readonly maxItems?: number;
}

/** The columns of a {@link TableField}; none is secret, as a table is shown and kept as it is. */
export interface RowForm {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Omit<TextField, 'x-secret'> | NumberField | SwitchField>>;
  readonly required?: readonly string[];
}

/** The values a form yields: `ctx.config` and the input of an action are typed by their form. */
export type Values<F extends Form> = {
  readonly [K in RequiredKeys<F>]: FieldValue<F['properties'][K]>;
} & {
  readonly [K in Exclude<keyof F['properties'], RequiredKeys<F>>]?: FieldValue<F['properties'][K]>;
};

type RequiredKeys<F extends Form> = F['required'] extends readonly (infer K)[] ? K & keyof F['properties'] : never;

type FieldValue<T> = T extends { type: 'string'; enum: readonly (infer E)[] }
  ? E
  : T extends { type: 'string' }
    ? string
    : T extends { type: 'number' | 'integer' }
      ? number
      : T extends { type: 'boolean' }
        ? boolean
        : T extends { type: 'array'; items: { enum: readonly (infer E)[] } }
          ? readonly E[]
          : T extends { type: 'array'; items: infer R extends RowForm }
            ? readonly Values<R>[]
            : T extends { type: 'object' }
              ? Readonly<Record<string, string>>
              : readonly string[];

/** One choice of a dynamic list. */
export interface Option {
  readonly value: string;
  readonly label: string;
}

import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type ErrorCode, type Field, type FieldFault, type Form, Rejected, type RowForm } from '../sdk/index.ts';
import { schemaOf } from './form-json-schema.ts';
import { isTable } from './form-kinds.ts';
import { fieldFault, isBlank, lineOf, pointerTo, requiredSentence } from './form-messages.ts';
import { fromPost } from './form-post.ts';
import { sizeFaults } from './form-size.ts';

/** The annotations a form may carry beside JSON Schema; Ajv's strict mode refuses any other unknown key. */
const FORM_KEYWORDS = [
  'x-advanced',
  'x-secret',
  'x-options',
  'x-record',
  'x-money',
  'x-keys',
  'x-end-of',
  'x-multiline',
  'x-placeholder',
  'x-pattern-message',
  'x-labels',
] as const;

export interface CheckOptions {
  /** JSON pointer of `values` in the caller's body, for the faults; default ''. */
  readonly pointer?: string;
  /** Default `VALIDATION_FAILED`. */
  readonly code?: ErrorCode;
  /** A part of the form: nothing is required and no default is filled in. */
  readonly partial?: boolean;
}

/** Nobody reads more, and each is a sentence of an answer that somebody asked for with two characters. */
const MOST_FAULTS = 100;

/** Checks values against authors' forms: unknown fields refused, nothing coerced. */
export class FormChecker {
  readonly #wholes = new WeakMap<Form, ValidateFunction>();
  readonly #parts = new WeakMap<Form, ValidateFunction>();

  /**
   * A checked copy of `values` with defaults filled in.
   * @throws Rejected with `fields`: a JSON pointer and a sentence for each field at fault
   */
  check(form: Form, values: unknown, options: CheckOptions = {}): Record<string, unknown> {
    const pointer = options.pointer ?? '';
    if (!isPlainObject(values)) {
      throw rejected([{ pointer, message: 'Expected an object that holds the fields by name.' }], options.code);
    }
    const tooMany = sizeFaults(form, values, pointer);
    if (tooMany.length > 0) throw rejected(tooMany, options.code);
    const copy = structuredClone(values);
    const blanks = options.partial ? [] : blankRequired(form, copy, pointer);
    const validate = options.partial ? this.#partial(form) : this.#complete(form);
    validate(copy);
    const faults = firstByPointer(blanks, toFaults(form, validate.errors ?? [], pointer));
    if (faults.length > 0) throw rejected(faults, options.code);
    return copy;
  }

  /** The strings of a posted HTML form as typed values, ready for {@link check}. */
  fromPost(form: Form, body: unknown): Record<string, unknown> {
    return fromPost(form, body);
  }

  /**
   * Compiles the form without checking anything: the registry's proof that it can be used.
   * @throws Error in Ajv's words
   */
  compile(form: Form): void {
    this.#complete(form);
  }

  #complete(form: Form): ValidateFunction {
    return compileOnce(this.#wholes, form, { schema: form, useDefaults: true });
  }

  #partial(form: Form): ValidateFunction {
    const { required: _, ...schema } = form;
    return compileOnce(this.#parts, form, { schema, useDefaults: false });
  }
}

interface Compile {
  readonly schema: Form;
  readonly useDefaults: boolean;
}

function compileOnce(known: WeakMap<Form, ValidateFunction>, form: Form, { schema, useDefaults }: Compile): ValidateFunction {
  let validate = known.get(form);
  if (!validate) {
    validate = createAjv(useDefaults).compile(schemaOf(schema));
    known.set(form, validate);
  }
  return validate;
}

/** Secret values apart from the others: the first are sealed, the second stored as they are. */
export function splitSecrets(
  form: Form,
  values: Readonly<Record<string, unknown>>,
): { plain: Record<string, unknown>; secret: Record<string, string> } {
  const plain: Record<string, unknown> = {};
  const secret: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (isSecret(form.properties[name])) secret[name] = String(value);
    else plain[name] = value;
  }
  return { plain, secret };
}

export function isSecret(field: Field | undefined): boolean {
  return field?.type === 'string' && field['x-secret'] === true;
}

/**
 * One for each form: Ajv never lets go of what it compiled, and a hub that reloads plugins must forget their forms. That
 * is cheap without the schema of schemas; the registry has held every form against a closer one of its own.
 */
function createAjv(useDefaults: boolean): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    strictRequired: true,
    ownProperties: true,
    meta: false,
    validateSchema: false,
    useDefaults,
  });
  formats.default(ajv, ['uri', 'email', 'date', 'date-time']);
  for (const keyword of FORM_KEYWORDS) ajv.addKeyword({ keyword });
  return ajv;
}

/** A required text that was sent empty is as missing as one that was not sent, in a line of a table as well. */
function blankRequired(form: Form, values: Record<string, unknown>, pointer: string): FieldFault[] {
  const inTables = Object.entries(form.properties).flatMap(([name, field]) => {
    const rows = isTable(field) && Array.isArray(values[name]) ? values[name] : [];
    return rows.flatMap((row: unknown, at) => {
      if (!isTable(field) || !isPlainObject(row)) return [];
      const place = `${pointerTo(pointer, name)}/${at}`;
      return blanks(field.items, row).map((column) => ({
        pointer: pointerTo(place, column),
        message: `${lineOf(field, at)} ${requiredSentence(field.items, column)}`,
      }));
    });
  });
  return [
    ...blanks(form, values).map((name) => ({ pointer: pointerTo(pointer, name), message: requiredSentence(form, name) })),
    ...inTables,
  ];
}

function blanks({ required = [], properties }: Form | RowForm, values: Record<string, unknown>): string[] {
  return required.filter((name) => Object.hasOwn(values, name) && properties[name]?.type === 'string' && isBlank(values[name]));
}

function* toFaults(form: Form, errors: readonly ErrorObject[], pointer: string): Iterable<FieldFault> {
  for (const error of errors) yield fieldFault(form, error, pointer);
}

function firstByPointer(...all: readonly Iterable<FieldFault>[]): FieldFault[] {
  const first = new Map<string, FieldFault>();
  for (const faults of all) {
    for (const fault of faults) {
      if (!first.has(fault.pointer)) first.set(fault.pointer, fault);
      if (first.size === MOST_FAULTS) return [...first.values()];
    }
  }
  return [...first.values()];
}

function rejected(fields: readonly FieldFault[], code: ErrorCode | undefined): Rejected {
  const shown = fields.slice(0, 3).map(({ message }) => message);
  const left = `${fields.length === MOST_FAULTS ? 'at least ' : ''}${fields.length - shown.length}`;
  const more = fields.length > shown.length ? [`And ${left} more.`] : [];
  return new Rejected([...shown, ...more].join(' '), { fields, ...(code && { code }) });
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

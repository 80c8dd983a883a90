import { registerDecorator, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

export type Dto<T extends object> = new () => T;

/** A body whose fields a plugin's form checks. */
export class PluginFields {
  readonly [name: string]: unknown;
}

export class NoBody {}

const nullable = new WeakMap<object, Set<string>>();
const parsers = new WeakMap<object, Map<string, QueryKind>>();

/** The field may be left out. Unlike `IsOptional` it does not let `null` pass for a value. */
export function IfGiven(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** The field may be left out, or null where that takes a value away. */
export function IfNotNull(): PropertyDecorator {
  return (target, property) => {
    nullable.set(target, (nullable.get(target) ?? new Set()).add(String(property)));
    ValidateIf((_, value) => value !== undefined && value !== null)(target, property);
  };
}

/** What the documentation says of the field. */
export function Says(description: string): PropertyDecorator {
  return (target, property) => JSONSchema({ description })(target, String(property));
}

/** How the text of a query parameter is read, without guessing: what does not read so is refused. */
export interface QueryKind {
  readonly schema: Readonly<Record<string, unknown>>;
  /** `undefined`: it does not read so. */
  parse(text: string): unknown;
  readonly expected: string;
}

/** A query parameter that may be left out. */
export function InQuery(kind: QueryKind, description?: string): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    parsers.set(target, (parsers.get(target) ?? new Map()).set(name, kind));
    IfGiven()(target, property);
    // What did not come as a text is the class's own default.
    const reads = (value: unknown) => typeof value !== 'string' || kind.parse(value) !== undefined;
    readsAs({ ...kind, schema: { ...kind.schema, ...(description && { description }) } }, reads)(target, name);
  };
}

export function wholeNumber(min: number, max: number): QueryKind {
  return {
    schema: { type: 'integer', minimum: min, maximum: max },
    parse: (text) => (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max ? Number(text) : undefined),
    expected: `a whole number from ${min} to ${max}`,
  };
}

export function oneOf(values: readonly string[]): QueryKind {
  return {
    schema: { type: 'string', enum: [...values] },
    parse: (text) => (values.includes(text) ? text : undefined),
    expected: `one of ${values.join(', ')}`,
  };
}

export function anyText(most = 200): QueryKind {
  return {
    schema: { type: 'string', maxLength: most },
    parse: (text) => (text.length <= most ? text : undefined),
    expected: `a text of at most ${most} characters`,
  };
}

export const yesNo: QueryKind = {
  schema: { type: 'boolean' },
  parse: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
  expected: 'true or false',
};

export const time: QueryKind = {
  schema: { type: 'string', examples: ['2026-11-21T09:30:00Z'] },
  parse: (text) => {
    const value = new Date(text);
    return /^\d{4}-\d\d-\d\d/.test(text) && !Number.isNaN(value.getTime()) ? value : undefined;
  },
  expected: 'a time such as 2026-11-21T09:30:00Z',
};

/** A time in a body, as in a query: a form `Date` does not read would fail at the database. */
export function IsTime(): PropertyDecorator {
  return readsAs(time, (value) => typeof value === 'string' && time.parse(value) !== undefined);
}

function readsAs({ schema, expected }: QueryKind, validate: (value: unknown) => boolean): PropertyDecorator {
  return (target, property) => {
    const propertyName = String(property);
    const validator = { validate, defaultMessage: () => `"${propertyName}" must be ${expected}.` };
    registerDecorator({ name: 'inQuery', target: target.constructor, propertyName, constraints: [schema], validator });
  };
}

/** Name → kind, those of the classes it extends included. */
export function queryKinds(Dto: Dto<object>): Map<string, QueryKind> {
  return new Map(lineage(Dto).flatMap((target) => [...(parsers.get(target) ?? [])]));
}

export function nullableFields(Dto: Dto<object>): ReadonlySet<string> {
  return new Set(lineage(Dto).flatMap((target) => [...(nullable.get(target) ?? [])]));
}

function lineage(Dto: Dto<object>): object[] {
  const found: object[] = [];
  for (let target = Dto.prototype as object; target && target !== Object.prototype; target = Object.getPrototypeOf(target)) {
    found.unshift(target);
  }
  return found;
}

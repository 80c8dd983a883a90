import { registerDecorator, ValidateIf } from 'class-validator';
import { JSONSchema } from 'class-validator-jsonschema';

export type Dto<T extends object> = new () => T;

/** A body whose fields a plugin's form checks. */
export class PluginFields {
  readonly [name: string]: unknown;
}

export class NoBody {}

const nullable = new WeakMap<object, Set<string>>();
const shapes = new WeakMap<object, Map<string, object>>();
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
  return Shape({ description });
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

/** A day, or a moment as ISO 8601 and Postgres both have it. */
const TIME =
  '^[12]\\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])' +
  '(?:[T ](?:[01]\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d(?:\\.\\d{1,9})?)?(?:Z|[+-](?:0\\d|1[0-4]):[0-5]\\d)?)?$';

export const time: QueryKind = {
  schema: { type: 'string', pattern: TIME, examples: ['2026-11-21T09:30:00Z'] },
  parse: (text) => {
    const value = new Date(text);
    return new RegExp(TIME).test(text) && !Number.isNaN(value.getTime()) ? value : undefined;
  },
  expected: 'a time such as 2026-11-21T09:30:00Z',
};

/** A time in a body, as in a query: a form `Date` does not read would fail at the database. */
export function IsTime(): PropertyDecorator {
  return readsAs(time, (value) => typeof value === 'string' && time.parse(value) !== undefined);
}

/** Of a line; what ends it or turns its direction would change what stands beside it on a page. */
const NAME = '^[^\\p{Cc}\\u2028\\u2029\\u202a-\\u202e\\u2066-\\u2069]*$';
const isName = new RegExp(NAME, 'u');

/** What somebody calls something: a line of 1 to 100 characters. */
export function IsName(): PropertyDecorator {
  const kind = {
    schema: { type: 'string', minLength: 1, maxLength: 100, pattern: NAME },
    expected: 'a line of 1 to 100 characters, none of which turns the direction of text',
  };
  const fits = (value: string) => isName.test(value) && value !== '' && [...value].length <= 100;
  return readsAs(kind, (value) => typeof value === 'string' && fits(value));
}

/** What the document says of a field's shape where a room below checks it. */
export function Shape(schema: Readonly<Record<string, unknown>>): PropertyDecorator {
  return (target, property) => {
    const name = String(property);
    const known = shapes.get(target) ?? new Map<string, object>();
    shapes.set(target, known.set(name, { ...known.get(name), ...schema }));
    // The library keeps the last one only.
    JSONSchema({ ...known.get(name) })(target, name);
  };
}

function readsAs(
  { schema, expected }: Pick<QueryKind, 'schema' | 'expected'>,
  validate: (value: unknown) => boolean,
): PropertyDecorator {
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

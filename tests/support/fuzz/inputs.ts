import fc from 'fast-check';

// biome-ignore lint/suspicious/noExplicitAny: schemas of the document are read as they are.
type Json = any;

/** Texts as nobody types them: other scripts, direction marks, joined characters, markup, very long ones, and half characters. */
export const oddText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 3, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      ...[
        '',
        ' ',
        '\u0000',
        'a\u0000b',
        '\ud800',
        '\udfff\ud800',
        '\u202Egpj.exe',
        '\ufeff',
        '\u2028',
        '../../etc/passwd',
        '%00',
        '%',
      ],
      ...[
        '__proto__',
        'constructor',
        'toString',
        'null',
        'undefined',
        'NaN',
        '-0',
        '1e309',
        'true',
        "' or '1'='1",
        '{{7*7}}',
        '\\',
        '"',
      ],
      ...[
        '<script>',
        '🤷🏽‍♀️',
        'ﷺ',
        'ß'.repeat(300),
        'x'.repeat(5000),
        '0'.repeat(40),
        '9999-12-31T23:59:59Z',
        '2026-13-45',
        '-1',
        '1.5',
      ],
    ),
  },
);

/** Any value of JSON, seldom the right one. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: oddText },
  {
    weight: 3,
    arbitrary: fc.constantFrom(null, true, false, 0, -1, 1.5, 2 ** 53, -(2 ** 31) - 1, 1e308, 1e-9, [], {}, [[]], [null], {
      a: 1,
    }),
  },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<unknown> },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 80 }).map((depth) => JSON.parse('['.repeat(depth) + ']'.repeat(depth))) },
);

/** What a schema of the document takes, `$ref`s of the document included. */
export function validFor(schema: Json, document: Json, depth = 4): fc.Arbitrary<unknown> {
  if (schema === undefined || schema === true) return fc.jsonValue({ maxDepth: 1 }) as fc.Arbitrary<unknown>;
  const of = (inner: Json) => validFor(inner, document, depth - 1);
  if (schema.$ref) return validFor(at(document, schema.$ref), document, depth);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices)
    return fc.oneof(
      ...choices.map((choice: Json) => validFor({ ...schema, anyOf: undefined, oneOf: undefined, ...choice }, document, depth)),
    );
  const [type = 'object', ...more] = [schema.type].flat().filter(Boolean);
  if (more.length > 0) return fc.oneof(...[type, ...more].map((one) => validFor({ ...schema, type: one }, document, depth)));
  return depth < 0 ? smallest(type) : byType(type, schema, of);
}

function byType(type: string, schema: Json, of: (inner: Json) => fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null);
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer') return fc.integer({ min: schema.minimum ?? -1000, max: schema.maximum ?? 1_000_000 });
  if (type === 'number') return fc.double({ min: schema.minimum ?? -1e6, max: schema.maximum ?? 1e6, noNaN: true });
  if (type === 'string') return textFor(schema);
  if (type === 'array') {
    const [minLength, maxLength] = [schema.minItems ?? 0, Math.min(schema.maxItems ?? 4, (schema.minItems ?? 0) + 4)];
    return fc.array(of(schema.items), { minLength, maxLength });
  }
  return objectFor(schema, of);
}

function objectFor({ properties = {}, required = [], additionalProperties }: Json, of: (inner: Json) => fc.Arbitrary<unknown>) {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, of(inner)]));
  const own = fc.record(fields, { requiredKeys: required.filter((name: string) => name in fields) as never[] });
  if (!additionalProperties || Object.keys(properties).length > 0) return own;
  return fc.dictionary(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }), of(additionalProperties), {
    maxKeys: 3,
  });
}

function textFor({ format, pattern, minLength = 0, maxLength = 60 }: Json): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString());
  if (format === 'date')
    return fc
      .date({ min: new Date('2000-01-01'), max: new Date('2100-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString().slice(0, 10));
  if (format === 'email') return fc.emailAddress();
  if (format === 'uri') return fc.webUrl();
  if (pattern) return matching(new RegExp(pattern, 'u'));
  return fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, minLength + 40) });
}

/** Patterns that look around are beyond the library: there some of what is tried fits. */
function matching(pattern: RegExp): fc.Arbitrary<string> {
  try {
    return fc.stringMatching(pattern);
  } catch {
    return fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
  }
}

function smallest(type: string): fc.Arbitrary<unknown> {
  const least: Record<string, unknown> = { string: 'x', integer: 0, number: 0, boolean: true, array: [], null: null };
  return fc.constant(type in least ? least[type] : {});
}

function at(document: Json, ref: string): Json {
  return ref
    .slice(2)
    .split('/')
    .reduce((found, part) => found[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
}

/** A value with one thing wrong with it, most of the time. */
export function spoiled(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const ways = fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'whole');
  return fc.tuple(valid, ways, fc.nat(), oddValue, oddText).map(([value, way, place, odd, name]) => {
    if (way === 'whole' || typeof value !== 'object' || value === null) return odd;
    const copy = structuredClone(value) as Record<string, unknown>;
    const holders = objectsIn(copy);
    const holder = holders[place % holders.length] ?? copy;
    const names = Object.keys(holder);
    const chosen = names[place % Math.max(1, names.length)];
    if (way === 'add' || chosen === undefined)
      Object.defineProperty(holder, name, { value: odd, enumerable: true, configurable: true, writable: true });
    else if (way === 'remove') delete holder[chosen];
    else holder[chosen] = odd;
    return copy;
  });
}

function objectsIn(value: unknown): Record<string, unknown>[] {
  if (typeof value !== 'object' || value === null) return [];
  return [value as Record<string, unknown>, ...Object.values(value).flatMap(objectsIn)];
}

/** Deeper than this no body may be. */
const DEEPEST = 64;

/** What the hub refuses wherever it stands: Postgres keeps no NUL and nobody half a character, and no form is that deep. */
export function holdsImpossible(value: unknown, levels: number = DEEPEST): boolean {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.entries(value).some(([name, member]) => holdsImpossible(name) || holdsImpossible(member, levels - 1));
}

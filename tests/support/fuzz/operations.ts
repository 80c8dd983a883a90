import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { holdsImpossible, oddText, oddValue, spoiled, validFor } from './inputs.ts';

// biome-ignore lint/suspicious/noExplicitAny: the document is what is being checked.
type Json = any;

/** What is sent with one call, and what the document says of it. */
export interface Input {
  /** In place of those that are known. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: readonly (readonly [string, string])[];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** The document takes it; it does not; or it does not say. */
export type Verdict = 'valid' | 'invalid' | 'unclear';

/** Inputs for the calls of a document, and a judge that knows nothing but the document. */
export class Operations {
  readonly #json: Json;
  readonly #ajv = new Ajv2020({ strict: false, validateFormats: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(json: Json) {
    this.#json = json;
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv);
    this.#ajv.addSchema({ ...json, $id: 'fuzz' } as Json, 'fuzz', false, false);
  }

  of(on: string): Json {
    const [method = '', path = ''] = on.split(' ');
    return this.#json.paths[path.replace(/:(\w+)/g, '{$1}')][method.toLowerCase()];
  }

  inputs(on: string): fc.Arbitrary<Input> {
    const operation = this.of(on);
    return fc.record({
      params: this.#params(operation),
      query: this.#query(operation),
      headers: this.#headers(operation),
      body: this.#body(operation, on),
    });
  }

  judge(on: string, { params, query, headers, body }: Input): Verdict {
    const operation = this.of(on);
    if ([params, query, body].some((part) => holdsImpossible(part))) return 'invalid';
    if (!this.#takesHeaders(operation, headers)) return 'invalid';
    const asked = this.#judgeQuery(operation, query);
    if (asked === 'invalid') return asked;
    if (!operation.requestBody) return body === undefined ? asked : 'unclear';
    if (asked === 'unclear') return asked;
    // No body at all is read as one without fields.
    return this.#validator(on)(body === undefined ? {} : body) ? 'valid' : 'invalid';
  }

  #params(operation: Json): fc.Arbitrary<Record<string, string>> {
    const names: string[] = operation.parameters.filter((one: Json) => one.in === 'path').map((one: Json) => one.name);
    const odd = oddText.filter((text) => text.isWellFormed() && text !== '' && !/^\.{1,2}$/.test(text));
    const one =
      names.length === 0 ? fc.constant({}) : fc.tuple(fc.constantFrom(...names), odd).map(([name, text]) => ({ [name]: text }));
    return fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: one as fc.Arbitrary<Record<string, string>> },
    );
  }

  #query(operation: Json): fc.Arbitrary<(readonly [string, string])[]> {
    const known: Json[] = operation.parameters.filter((one: Json) => one.in === 'query' && one.schema.type !== 'object');
    const text = oddText.filter((value) => value.isWellFormed());
    const odd = fc.tuple(fc.oneof(text, ...known.map(({ name }) => fc.constant(name as string))), text);
    const right = known.map(({ name, schema }) =>
      validFor(schema, this.#json).map((value) => [name as string, String(value)] as const),
    );
    const few = fc.subarray(right).chain((chosen) => fc.tuple(...chosen)) as fc.Arbitrary<(readonly [string, string])[]>;
    const withOdd = fc.tuple(few, fc.array(odd, { minLength: 1, maxLength: 2 })).map(([one, more]) => [...one, ...more]);
    return fc.oneof({ weight: 3, arbitrary: few }, { weight: 1, arbitrary: withOdd });
  }

  /** Those the document names, and those every caller sends. */
  #headers(operation: Json): fc.Arbitrary<Record<string, string>> {
    const odd = fc
      .oneof(oddText, fc.constantFrom('*', '"x"', 'W/"x", *', '*/*;q=2', 'text/html', 'de-CH,*;q=0.1'))
      .filter(isHeader);
    const named = headersOf(operation).map(({ name, schema }) => {
      const right = (validFor(schema, this.#json) as fc.Arbitrary<string>).filter(isHeader);
      return fc.tuple(fc.constant(name as string), fc.oneof(right, odd));
    });
    const common = ['accept', 'accept-language', 'x-request-id'].map((name) => fc.tuple(fc.constant(name), odd));
    const few = fc.subarray([...named, ...common], { maxLength: 2 }).chain((chosen) => fc.tuple(...chosen));
    const given = (few as fc.Arbitrary<[string, string][]>).map((pairs) => Object.fromEntries(pairs));
    return fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: given });
  }

  #body({ requestBody }: Json, on: string): fc.Arbitrary<unknown> {
    if (!requestBody) return on.startsWith('GET ') ? fc.constant(undefined) : fc.option(oddValue, { nil: undefined });
    const body = validFor(requestBody.content['application/json'].schema, this.#json);
    return fc.oneof({ weight: 2, arbitrary: body }, { weight: 3, arbitrary: spoiled(body) });
  }

  #takesHeaders(operation: Json, headers: Input['headers']): boolean {
    return headersOf(operation).every(({ name, schema }) => {
      const value = headers[name]?.trim();
      return value === undefined || (this.#ajv.validate(schema, value) as boolean);
    });
  }

  #judgeQuery(operation: Json, query: Input['query']): Verdict {
    const parameters: Json[] = operation.parameters.filter((one: Json) => one.in === 'query');
    if (parameters.some(({ schema }) => schema.type === 'object')) return 'unclear';
    const seen = new Map<string, number>();
    for (const [name] of query) seen.set(name, (seen.get(name) ?? 0) + 1);
    const verdicts = query.map(([name, text]): Verdict => {
      const parameter = parameters.find((one) => one.name === name);
      if (text === '' && (seen.get(name) ?? 0) < 2) return 'valid';
      if (!parameter || (seen.get(name) ?? 0) > 1) return 'invalid';
      return judgeText(parameter.schema, text, (schema, value) => this.#ajv.validate(schema, value) as boolean);
    });
    return verdicts.find((verdict) => verdict === 'invalid') ?? verdicts.find((verdict) => verdict === 'unclear') ?? 'valid';
  }

  #validator(on: string): ValidateFunction {
    const [method = '', path = ''] = on.split(' ');
    const place = [
      'paths',
      path.replace(/:(\w+)/g, '{$1}'),
      method.toLowerCase(),
      'requestBody',
      'content',
      'application/json',
      'schema',
    ];
    const $ref = `fuzz#/${place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const known = this.#compiled.get($ref) ?? this.#ajv.compile({ $ref });
    this.#compiled.set($ref, known);
    return known;
  }
}

function headersOf(operation: Json): { name: string; schema: Json }[] {
  return operation.parameters.filter((one: Json) => one.in === 'header');
}

/** What a client puts into a header at all. */
function isHeader(text: string): boolean {
  return /^[\x20-\x7e\x80-\xff]*$/.test(text);
}

/** A parameter comes as text; the schema speaks of what it reads as. */
function judgeText(schema: Json, text: string, takes: (schema: Json, value: unknown) => boolean): Verdict {
  if (schema.type === 'integer') {
    if (!/^-?\d+$/.test(text)) return 'invalid';
    if (/^-?0\d/.test(text) || text === '-0') return 'unclear';
    return takes(schema, Number(text)) ? 'valid' : 'invalid';
  }
  if (schema.type === 'boolean') return text === 'true' || text === 'false' ? 'valid' : 'invalid';
  return takes(schema, text) ? 'valid' : 'invalid';
}

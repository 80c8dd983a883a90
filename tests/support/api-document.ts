import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

// biome-ignore lint/suspicious/noExplicitAny: the document is what is being checked.
type Json = any;

/** The OpenAPI document of a running hub, and whether answers are as it says. */
export class ApiDocument {
  readonly json: Json;
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true });
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor(json: Json) {
    this.json = json;
    (addFormats as unknown as (ajv: Ajv2020) => void)(this.#ajv);
    this.#ajv.addSchema({ ...json, $id: 'api' } as Json, 'api', false, false);
  }

  /** `GET /api/stores/:store` of every operation. */
  get calls(): string[] {
    return Object.entries<Json>(this.json.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
  }

  operation(on: string): Json {
    const [method = '', path = ''] = on.split(' ');
    return this.json.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];
  }

  /** What is wrong with an answer by the document; empty where nothing is. */
  faults(on: string, answer: { status: number; headers: Headers; body: unknown }): string[] {
    const { responses } = this.operation(on);
    const named = responses[answer.status] ? String(answer.status) : 'default';
    const content = responses[named].content as Json;
    if (named === 'default' && answer.status < 400) return [`${answer.status} is not documented`];
    if (!content) return answer.body === '' ? [] : ['a body where none is documented'];
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    const known = content[type] ? type : undefined;
    if (!known) return [`${answer.status} ${type || 'without a type'} is not documented; ${Object.keys(content)} is`];
    const validate = this.#schema(on, named, known);
    return validate(answer.body) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
  }

  #schema(on: string, status: string, type: string): ValidateFunction {
    const [method = '', path = ''] = on.split(' ');
    const place = [
      'paths',
      path.replace(/:(\w+)/g, '{$1}'),
      method.toLowerCase(),
      'responses',
      status,
      'content',
      type,
      'schema',
    ];
    const $ref = `api#/${place.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`;
    const known = this.#compiled.get($ref) ?? this.#ajv.compile({ $ref });
    this.#compiled.set($ref, known);
    return known;
  }
}

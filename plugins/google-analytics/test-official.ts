import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { SandboxRequest } from 'patchbay';
import { findOperation } from 'patchbay/simulator';

interface Method {
  readonly httpMethod: string;
  readonly flatPath: string;
  readonly scopes: readonly string[];
  readonly parameters: Readonly<
    Record<string, { readonly location: string; readonly type: string; readonly required?: boolean }>
  >;
  readonly request?: string;
  readonly response: string;
}

interface Api {
  readonly rootUrl: string;
  readonly methods: Readonly<Record<string, Method>>;
  readonly schemas: Readonly<Record<string, object>>;
}

/** A method of Google's discovery documents, with its schemas compiled. */
export interface Official {
  readonly id: string;
  readonly host: string;
  readonly method: Method;
  readonly body: ValidateFunction | undefined;
  readonly answer: ValidateFunction;
}

const read = (name: string) => JSON.parse(readFileSync(join(import.meta.dirname, '__fixtures__', name), 'utf8'));

const { apis } = read('discovery.json') as { apis: readonly Api[] };
export const officials: readonly Official[] = apis.flatMap(compiled);
const measurement = new Ajv2020({ strict: false }).compile(read('measurement-protocol.schema.json'));

/** Discovery writes JSON Schema of an old draft; what it does not name Google refuses. */
function compiled({ rootUrl, methods, schemas }: Api): Official[] {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  ajv.addSchema({
    $id: 'api',
    $defs: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, modern(schema)])),
  });
  const schemaOf = (name: string) => ajv.compile({ $ref: `api#/$defs/${name}` });
  return Object.entries(methods).map(([id, method]) => ({
    id,
    host: new URL(rootUrl).host,
    method,
    body: method.request ? schemaOf(method.request) : undefined,
    answer: schemaOf(method.response),
  }));
}

function modern(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(modern);
  if (typeof schema !== 'object' || schema === null) return schema;
  const { id: _, $ref, properties, ...rest } = schema as { id?: string; $ref?: string; properties?: Record<string, unknown> };
  if ($ref) return { $ref: `#/$defs/${$ref}` };
  const named = properties && {
    properties: Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, modern(value)])),
    additionalProperties: false,
  };
  return { ...(modern2(rest) as object), ...named };
}

function modern2(rest: object): object {
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, name === 'items' ? modern(value) : value]));
}

const operations = officials.map((official) => ({
  official,
  method: official.method.httpMethod,
  host: official.host,
  path: `/${official.method.flatPath}`,
}));

/** The method a request is of. */
export function officialOf(req: SandboxRequest): Official | undefined {
  return findOperation(operations, req)?.found.official;
}

/** Everything in which a request of the Admin or Data API departs from the documents. */
export function departures(req: SandboxRequest): string[] {
  const official = officialOf(req);
  if (!official) return ['no such method'];
  const { parameters } = official.method;
  const faults = [...req.query].flatMap(([name, value]) => {
    const known = parameters[name];
    if (known?.location !== 'query') return [`parameter ${name} is unknown`];
    return known.type === 'integer' && !/^\d+$/.test(value) ? [`parameter ${name} is no whole number`] : [];
  });
  if (!/^Bearer \S+$/.test(req.headers['authorization'] ?? '')) faults.push('carries no token');
  if (!official.body) return req.body === '' ? faults : [...faults, 'has a body'];
  if (req.headers['content-type'] !== 'application/json') faults.push('is not JSON');
  return official.body(JSON.parse(req.body)) ? faults : [...faults, ...problems(official.body)];
}

/** In what an answer of the simulator departs. */
export function answerDepartures(req: SandboxRequest, body: unknown): string[] {
  const official = officialOf(req);
  return !official || official.answer(JSON.parse(JSON.stringify(body))) ? [] : problems(official.answer);
}

/** In what a call of the Measurement Protocol departs from its documents. */
export function measurementDepartures(req: SandboxRequest): string[] {
  const names = [...req.query.keys()].sort();
  return [
    ...(req.method === 'POST' && /^\/(debug\/)?mp\/collect$/.test(req.path) ? [] : ['no such address']),
    ...(names.join() === 'api_secret,measurement_id' ? [] : [`the query holds ${names.join()}`]),
    ...(req.headers['authorization'] ? ['carries a token'] : []),
    ...(Buffer.byteLength(req.body) < 130_000 ? [] : ['is too large']),
    ...(measurement(JSON.parse(req.body)) ? [] : problems(measurement)),
  ];
}

function problems({ errors }: ValidateFunction): string[] {
  return (errors ?? []).map(({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`);
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRequest } from 'patchbay';
import { findOperation } from 'patchbay/simulator';

/** The part of JSON Schema the specification's parameters use; values travel as text. */
interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly maxLength?: number;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema;
  readonly anyOf?: readonly Schema[];
}

/** One request of the specification, as extracted. */
export interface Official {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, Schema>>;
  readonly body?: { readonly required: readonly string[]; readonly properties: Readonly<Record<string, Schema>> };
  /** Names of parameters in the current type declarations. */
  readonly current: readonly string[];
}

interface Extract {
  readonly requests: readonly Official[];
  readonly objects: Readonly<Record<string, { readonly required: readonly string[]; readonly optional: readonly string[] }>>;
}

const file = join(import.meta.dirname, '__fixtures__', 'official.json');
export const { requests, objects } = JSON.parse(readFileSync(file, 'utf8')) as Extract;

type Tree = { [name: string]: string | Tree };

/** `a[b][0]=c` as `{ a: { b: { 0: 'c' } } }`; `a[]=c` counts by itself. */
export function treeOf(pairs: Iterable<readonly [string, string]>): Tree {
  const root: Tree = {};
  for (const [name, value] of pairs) {
    let at = root;
    let key = '';
    for (const [index, part] of name.split('[').entries()) {
      const inner = at[key];
      const next: Tree = typeof inner === 'object' ? inner : {};
      if (index > 0) {
        at[key] = next;
        at = next;
      }
      key = part.replace(/\]$/, '') || String(Object.keys(at).length);
    }
    at[key] = value;
  }
  return root;
}

export function officialOf(req: Pick<SandboxRequest, 'method' | 'path'>): Official | undefined {
  return findOperation(requests, req)?.found;
}

/** Everything in which a request departs from the specification. */
export function departures(req: SandboxRequest): string[] {
  const official = officialOf(req);
  if (!official) return ['no such request'];
  const body = treeOf(new URLSearchParams(req.body));
  const missing = (official.body?.required ?? []).filter((name) => !(name in body));
  const isForm = req.body === '' || req.headers['content-type'] === 'application/x-www-form-urlencoded';
  return [
    ...(req.host === 'api.stripe.com' ? [] : [`goes to ${req.host}`]),
    ...(req.headers['stripe-version'] === '2026-10-28.endive' ? [] : [`asks for version ${req.headers['stripe-version']}`]),
    ...(isForm ? [] : [`is ${req.headers['content-type']}`]),
    ...(req.method === 'POST' && !req.headers['idempotency-key'] ? ['has no idempotency key'] : []),
    ...missing.map((name) => `${name} is missing`),
    ...treeFaults(treeOf(req.query), official.query, official.current),
    ...treeFaults(body, official.body?.properties ?? {}, official.current),
  ];
}

function treeFaults(tree: Tree, known: Readonly<Record<string, Schema>>, current: readonly string[]): string[] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const schema = known[name];
    if (!schema || !current.includes(name)) return [`${name} is unknown`];
    return conforms(value, schema) ? [] : [`${name} may not be ${JSON.stringify(value)}`];
  });
}

function conforms(value: string | Tree, schema: Schema): boolean {
  if (schema.anyOf) return schema.anyOf.some((one) => conforms(value, one));
  if (schema.type === 'array') {
    return typeof value === 'object' && Object.values(value).every((one) => conforms(one, schema.items ?? {}));
  }
  if (schema.type === 'object') return typeof value === 'object' && conformsAll(value, schema);
  if (typeof value !== 'string') return false;
  if (schema.type === 'integer') return /^-?\d+$/.test(value);
  if (schema.type === 'boolean') return value === 'true' || value === 'false';
  return (schema.enum?.includes(value) ?? true) && value.length <= (schema.maxLength ?? Number.POSITIVE_INFINITY);
}

function conformsAll(tree: Tree, { properties, additionalProperties }: Schema): boolean {
  return Object.entries(tree).every(([name, value]) => {
    const schema = properties?.[name] ?? additionalProperties;
    return schema !== undefined && conforms(value, schema);
  });
}

/** Fields an object lacks, and those it has that nobody declares. */
export function objectFaults(name: string, object: Readonly<Record<string, unknown>>): string[] {
  const { required = [], optional = [] } = objects[name] ?? {};
  const lacking = required.filter((field) => !(field in object)).map((field) => `${name} lacks ${field}`);
  const known = [...required, ...optional];
  return [
    ...lacking,
    ...Object.keys(object)
      .filter((field) => !known.includes(field))
      .map((field) => `${name} has ${field}`),
  ];
}

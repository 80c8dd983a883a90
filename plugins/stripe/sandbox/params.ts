import type { SandboxRequest } from 'patchbay';
import { Refusal } from './answers.ts';

/** Parameters as nested as their brackets: `created[gte]=5` is `{ created: { gte: '5' } }`. */
export type Params = { [name: string]: Value };
export type Value = string | Value[] | Params;

/** The query of a GET, the body of a POST, either of a DELETE: the provider takes both there. */
export function paramsOf(req: SandboxRequest): Params {
  const form = req.method === 'GET' || req.body === '' ? [] : [...new URLSearchParams(req.body)];
  return nested([...req.query, ...form]);
}

export function nested(pairs: readonly (readonly [string, string])[]): Params {
  const root: Params = Object.create(null) as Params;
  for (const [name, value] of pairs) put(root, name, value);
  return listed(root) as Params;
}

function put(root: Params, name: string, value: string): void {
  const [first = name, ...rest] = name.split('[').map((part) => part.replace(/\]$/, ''));
  let at = root;
  let key = first;
  for (const part of rest) {
    const inner = at[key];
    const next = typeof inner === 'object' && !Array.isArray(inner) ? inner : (Object.create(null) as Params);
    at[key] = next;
    at = next;
    key = part === '' ? String(Object.keys(next).length) : part;
  }
  at[key] = value;
}

/** `{ 0: …, 1: … }` is a list. */
function listed(value: Value): Value {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const names = Object.keys(value);
  const inner = names.map((name): [string, Value] => [name, listed(value[name] as Value)]);
  const isList = names.length > 0 && names.every((name, index) => name === String(index));
  return isList ? inner.map(([, one]) => one) : Object.fromEntries(inner);
}

export function text(value: Value | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isTrue(params: Params, name: string): boolean | undefined {
  const value = params[name];
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw new Refusal(400, `Invalid boolean: ${String(value)}`, { param: name });
}

export function integer(value: Value | undefined, param: string): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^-?\d{1,12}$/.test(value)) return Number(value);
  throw new Refusal(400, `Invalid integer: ${String(value)}`, { code: 'parameter_invalid_integer', param });
}

export function texts(value: Value | undefined, param: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
  throw new Refusal(400, `Invalid array`, { param });
}

/** The provider refuses names it does not know. */
export function checkNames(params: Params, allowed: readonly string[]): void {
  const unknown = Object.keys(params).find((name) => !allowed.includes(name));
  if (unknown !== undefined)
    throw new Refusal(400, `Received unknown parameter: ${unknown}`, { code: 'parameter_unknown', param: unknown });
}

/** At most 50 names of 40 signs with values of 500; an empty value removes its name. */
export function metadataOf(params: Params, before: object = {}): Record<string, string> {
  const given = params['metadata'];
  if (given === undefined) return { ...before } as Record<string, string>;
  if (given === '') return {};
  if (typeof given !== 'object' || Array.isArray(given)) throw new Refusal(400, 'Invalid hash', { param: 'metadata' });
  const merged = Object.entries({ ...before, ...given }).map(([name, value]) => [name, String(value)] as const);
  const kept = merged.filter(([, value]) => value !== '');
  const long = kept.find(([name, value]) => name.length > 40 || value.length > 500);
  if (long || kept.length > 50)
    throw new Refusal(400, 'Metadata is limited to 50 keys of 40 and values of 500 characters.', { param: 'metadata' });
  return Object.fromEntries(kept);
}

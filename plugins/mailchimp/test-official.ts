import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRequest } from 'patchbay';
import { findOperation } from 'patchbay/simulator';

/** A value of the specification, as extracted. */
interface Shape {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly maximum?: number;
  readonly required?: readonly string[] | boolean;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly additionalProperties?: Shape | true;
}

/** One request of the specification, as extracted. */
export interface Official {
  readonly method: string;
  readonly path: string;
  readonly success: readonly number[];
  readonly query: Readonly<Record<string, Shape>>;
  readonly body?: Shape;
}

const file = join(import.meta.dirname, '__fixtures__', 'official-requests.json');
export const { requests } = JSON.parse(readFileSync(file, 'utf8')) as { requests: readonly Official[] };

/** The request of the specification that this one is. */
export function officialOf(req: SandboxRequest): Official | undefined {
  return findOperation(requests, req)?.found;
}

/** Everything in which a request departs from the specification. */
export function departures(req: SandboxRequest): string[] {
  const official = officialOf(req);
  if (!official) return ['no such request'];
  return [
    ...[...req.query].flatMap(([name, value]) => {
      const known = official.query[name];
      return known ? faultsOf(fromText(value, known), known, name) : [`${name} is unknown`];
    }),
    ...bodyFaults(official, req),
  ];
}

/** A query is text; its lists are written with commas. */
function fromText(value: string, { type }: Shape): unknown {
  if (type === 'integer' || type === 'number') return Number(value);
  if (type === 'boolean') return value === 'true' || value === 'false' ? value === 'true' : value;
  return type === 'array' ? value.split(',') : value;
}

function bodyFaults({ body }: Official, req: SandboxRequest): string[] {
  if (!body) return req.body === '' ? [] : ['has a body'];
  if (req.headers['content-type'] !== 'application/json') return [`is ${req.headers['content-type']}`];
  return faultsOf(JSON.parse(req.body), body, 'body');
}

function faultsOf(value: unknown, shape: Shape, at: string): string[] {
  const type = kindOf(value);
  const fits = !shape.type || shape.type === type || (shape.type === 'number' && type === 'integer');
  if (!fits) return [`${at} is ${type}`];
  const own: string[] = [];
  if (shape.enum && !shape.enum.includes(value)) own.push(`${at} is ${String(value)}`);
  if (shape.maximum !== undefined && Number(value) > shape.maximum) own.push(`${at} is too large`);
  if (shape.format === 'date-time' && Number.isNaN(Date.parse(String(value)))) own.push(`${at} is no moment`);
  if (Array.isArray(value)) return [...own, ...value.flatMap((one, i) => faultsOf(one, shape.items ?? {}, `${at}.${i}`))];
  return typeof value === 'object' && value !== null ? [...own, ...objectFaults(value, shape, at)] : own;
}

function objectFaults(value: object, shape: Shape, at: string): string[] {
  const { properties = {}, required = [], additionalProperties } = shape;
  // Merge fields are typed by the audience, not by the specification.
  if (!shape.properties && !additionalProperties) return [];
  const missing = Array.isArray(required) ? required.filter((name) => !(name in value)) : [];
  return [
    ...missing.map((name) => `${at}.${name} is missing`),
    ...Object.entries(value).flatMap(([name, below]) => {
      const known = properties[name] ?? additionalProperties;
      if (known === undefined) return [`${at}.${name} is unknown`];
      return known === true ? [] : faultsOf(below, known, `${at}.${name}`);
    }),
  ];
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return Number.isInteger(value) ? 'integer' : typeof value;
}

import { jsonObject, type Raw } from '../reading.ts';
import type { SandboxRequest } from '../sandbox.ts';

/** Which calls something is for: `{ method: 'GET', path: '/contacts/{id}' }`, as OpenAPI writes paths. */
export interface Operation {
  readonly method: string;
  /** `{name}` stands for one segment, or for a part of it up to a colon: `/v1/properties/{property}:runReport`. */
  readonly path: string;
  /** Default: any. */
  readonly host?: string;
}

const patterns = new Map<string, RegExp>();

function patternOf(path: string): RegExp {
  const known = patterns.get(path);
  if (known) return known;
  const parts = path.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^$()|[\]\\]/g, '\\$&'));
  const made = new RegExp(`^${parts.join('([^/:]+)')}$`);
  patterns.set(path, made);
  return made;
}

/** What stands for each `{name}` of a path, decoded and in order; `undefined` where the path is another. */
export function pathParams(template: string, path: string): string[] | undefined {
  return patternOf(template).exec(path)?.slice(1).map(decodeURIComponent);
}

/** The operation a call is for, one whose path has no `{name}` before one that has, and what stands for its names. */
export function findOperation<T extends Operation>(
  operations: readonly T[],
  req: Pick<SandboxRequest, 'method' | 'path'> & { readonly host?: string },
): { readonly found: T; readonly params: readonly string[] } | undefined {
  const able = operations.filter(({ method, host }) => method === req.method && (host === undefined || host === req.host));
  const literal = able.find(({ path }) => path === req.path);
  if (literal) return { found: literal, params: [] };
  for (const found of able) {
    const params = pathParams(found.path, req.path);
    if (params) return { found, params };
  }
  return undefined;
}

/** The token behind `Authorization: Bearer`. */
export function bearerOf(req: Pick<SandboxRequest, 'headers'>): string | undefined {
  return /^Bearer (.+)$/i.exec(req.headers['authorization'] ?? '')?.[1];
}

/** The JSON object of a body, empty for no body; `undefined` for anything else. */
export function jsonBody({ body }: Pick<SandboxRequest, 'body'>): Raw | undefined {
  return body === '' ? {} : jsonObject(body);
}

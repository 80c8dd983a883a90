import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxRequest, SandboxResponse } from '../index.ts';
import type { Answer } from './simulated-http.ts';

/** One answer of the provider as it was recorded; a file of the folder. */
export interface Recorded {
  /** `GET /v1/customers`, with the query where only that one is meant: `GET /v1/customers?page=2`. */
  readonly request: string;
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * Answers from the `*.json` files of a folder, each one {@link Recorded} or a list of them: for
 * `rig.link({ answer: recorded(folder) })` and `rig.connect({ answer: recorded(folder) })`. An answer for a path with its
 * query goes before one for the path; several for the same request are given in turn, the last one from then on.
 * @throws Error for a request of which nothing was recorded, naming it
 */
export function recorded(folder: string): Answer {
  const answers = new Map<string, Recorded[]>();
  for (const one of readAll(folder)) answers.set(one.request, [...(answers.get(one.request) ?? []), one]);
  return async (request) => {
    const found = [withQuery(request), `${request.method} ${request.path}`].map((key) => answers.get(key)).find(Boolean);
    if (!found) throw new Error(`Nothing is recorded in ${folder} for ${withQuery(request)}.`);
    const { status = 200, headers = {}, body } = (found.length > 1 ? found.shift() : found[0]) as Recorded;
    return { status, headers, body } satisfies SandboxResponse;
  };
}

function readAll(folder: string): Recorded[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort();
  return files.flatMap((name) => {
    const read = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recorded | Recorded[];
    return Array.isArray(read) ? read : [read];
  });
}

function withQuery({ method, path, query }: SandboxRequest): string {
  return query.size > 0 ? `${method} ${path}?${query}` : `${method} ${path}`;
}

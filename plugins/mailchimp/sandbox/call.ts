import type { Raw, SandboxRequest, SandboxResponse } from 'patchbay';
import type { Operation } from 'patchbay/simulator';
import type { Doc } from './base.ts';
import type { DemoAccount, DemoAudience } from './demo.ts';
import type { Hooks } from './hooks.ts';
import { refusals } from './problems.ts';
import type { World } from './world.ts';

/** What a route works with, once the credential has been checked. */
export interface Call {
  readonly req: SandboxRequest;
  readonly account: DemoAccount;
  readonly params: readonly string[];
  readonly body: Raw;
  readonly world: World;
  readonly hooks: Hooks;
  /** As the provider writes it. */
  readonly now: string;
}

/** `path` is below `/3.0`. */
export interface Route extends Operation {
  run(call: Call): SandboxResponse | Promise<SandboxResponse>;
}

export function json(body: unknown): SandboxResponse {
  return { status: 200, body };
}

export const DONE: SandboxResponse = { status: 204 };

/** The audience in the path, which must be the account's own. */
export function audienceIn(call: Call): DemoAudience {
  const found = call.account.audiences.find(({ id }) => id === call.params[0]);
  if (!found) throw refusals.missing();
  return found;
}

export interface Whole<T> {
  readonly all: readonly T[];
  /** As the API shows one of them; default: as it is. */
  show?(one: T): unknown;
  /** What stands beside the list. */
  readonly beside?: Raw;
}

/** One page of a collection, by `count` (10, at most 1000) and `offset`. */
export function paged<T>(call: Call, name: string, { all, show = (one) => one, beside }: Whole<T>): SandboxResponse {
  const [count, offset] = [whole(call, 'count', 10), whole(call, 'offset', 0)];
  if (count > 1000) {
    throw refusals.invalid([{ field: 'count', message: 'Schema describes number less than or equal to 1000' }]);
  }
  const page = all.slice(offset, offset + count).map((one) => show(one));
  return json(trimmed(call, { [name]: page, ...beside, total_items: all.length, _links: [] }));
}

function whole({ req }: Call, name: string, fallback: number): number {
  const value = req.query.get(name);
  if (value === null) return fallback;
  if (!/^\d+$/.test(value)) throw refusals.invalid([{ field: name, message: 'Schema describes integer, string found instead' }]);
  return Number(value);
}

/** `fields` and `exclude_fields`: dotted names, lists seen through. */
export function trimmed({ req }: Pick<Call, 'req'>, body: Raw): Raw {
  const names = (parameter: string) => (req.query.get(parameter) ?? '').split(',').filter(Boolean);
  const [wanted, unwanted] = [names('fields'), names('exclude_fields')];
  const kept = wanted.length > 0 ? (pick(body, wanted) as Raw) : body;
  return unwanted.reduce<Raw>((rest, path) => without(rest, path.split('.')) as Raw, kept);
}

function pick(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => pick(one, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, below]) => {
      if (paths.includes(name)) return [[name, below]];
      const deeper = paths.flatMap((path) => (path.startsWith(`${name}.`) ? [path.slice(name.length + 1)] : []));
      return deeper.length > 0 ? [[name, pick(below, deeper)]] : [];
    }),
  );
}

function without(value: unknown, [name = '', ...deeper]: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, [name, ...deeper]));
  if (typeof value !== 'object' || value === null || !(name in value)) return value;
  const { [name]: below, ...rest } = value as Raw;
  return deeper.length > 0 ? { ...rest, [name]: without(below, deeper) } : rest;
}

/** Moments a query compares with; anything that is none is refused. */
export function momentIn({ req }: Call, name: string): number | undefined {
  const value = req.query.get(name);
  if (value === null) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw refusals.invalid([{ field: name, message: 'Invalid date format' }]);
  return time;
}

/** In the order of a moment; the key decides between equal ones. */
export function byTime(docs: readonly Doc[], field: string, direction: string | null): Doc[] {
  const sign = direction?.toUpperCase() === 'DESC' ? -1 : 1;
  return docs.toSorted((a, b) => {
    const [one, other] = [String(a[field]), String(b[field])];
    if (one !== other) return one < other ? -sign : sign;
    return a.key < b.key ? -sign : sign;
  });
}

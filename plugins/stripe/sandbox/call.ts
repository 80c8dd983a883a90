import type { Operation } from 'patchbay/simulator';
import type { Billing } from './billing.ts';
import type { Place } from './demo.ts';
import type { Hooks } from './hooks.ts';
import { equal, expanded, created as inTime, PAGING, page } from './lists.ts';
import type { Params } from './params.ts';
import type { Doc } from './shapes.ts';
import type { Shop } from './shop.ts';
import type { Kind, World } from './world.ts';

/** What a route works with, once key, version, rate and names of parameters have been checked. */
export interface Call {
  readonly shop: Shop;
  readonly billing: Billing;
  readonly hooks: Hooks;
  readonly world: World;
  readonly place: Place;
  readonly params: Params;
  /** The parts of the path that are ids. */
  readonly id: string;
  readonly path: string;
}

export interface Route extends Operation {
  /** As refusals name it, without `rak_`; without one no restricted key may. */
  readonly right?: string;
  readonly params: readonly string[];
  run(call: Call): object;
}

interface Resource {
  readonly path: string;
  readonly kind: Kind;
  readonly right: string;
  /** Filters that compare for equality. */
  readonly filters?: readonly string[];
  /** Documented parameters with a meaning of their own. */
  readonly others?: readonly string[];
  select?(docs: readonly Doc[], call: Call): readonly Doc[];
  /** What time has made of it. */
  shown?(doc: Doc, now: number): Doc;
}

const same = (doc: Doc) => doc;

/** `GET /v1/charges` and `GET /v1/charges/{id}`. */
export function readable({ path, kind, right, filters = [], others = [], select, shown = same }: Resource): Route[] {
  const list = (call: Call) => {
    const { params, world, place } = call;
    const filtered = equal(inTime(call.shop.all(kind), params['created']), params, ...filters);
    const found = page({ docs: select?.(filtered, call) ?? filtered, params, url: path });
    return {
      ...found,
      data: found.data.map((doc) => expanded(world, place.slug, { params, doc: shown(doc, call.shop.given.now), inList: true })),
    };
  };
  const one = (call: Call) => {
    const { world, place, params } = call;
    return expanded(world, place.slug, { params, doc: shown(call.shop.find(kind, call.id), call.shop.given.now), inList: false });
  };
  return [
    { method: 'GET', path, right, params: [...PAGING, 'created', ...filters, ...others], run: list },
    { method: 'GET', path: `${path}/{id}`, right, params: ['expand'], run: one },
  ];
}

import { type Changes, Documents } from 'patchbay/simulator';
import { baseOf } from './base.ts';
import { placeOf } from './demo.ts';
import type { Doc } from './shapes.ts';

const KINDS = [
  'customers',
  'charges',
  'refunds',
  'balance_transactions',
  'subscriptions',
  'invoices',
  'invoice_payments',
  'products',
  'prices',
  'disputes',
  'events',
  'webhook_endpoints',
] as const;
export type Kind = (typeof KINDS)[number];

/** Place → what has changed there. */
export type PlaceChanges = Record<string, Changes<Kind, Doc>>;

/** The accounts and what is in them. */
export class World {
  /** Unix seconds of the first day. */
  readonly epoch: number;
  readonly changes: PlaceChanges;
  readonly #places = new Map<string, Documents<Kind, Doc>>();
  readonly #sorted = new Map<string, readonly Doc[]>();
  readonly #changed: () => void;

  constructor(given: { epoch: number; changes: PlaceChanges | undefined; changed: () => void }) {
    this.epoch = given.epoch;
    this.changes = given.changes ?? {};
    this.#changed = given.changed;
  }

  get(slug: string, kind: Kind, id: string): Doc | undefined {
    return this.#place(slug).get(kind, id);
  }

  /** Newest first, as the provider lists everything. */
  list(slug: string, kind: Kind): readonly Doc[] {
    const key = `${slug} ${kind}`;
    const known = this.#sorted.get(key);
    if (known) return known;
    const all = this.#place(slug)
      .all(kind)
      .reverse()
      .sort((a, b) => b.created - a.created);
    this.#sorted.set(key, all);
    return all;
  }

  put(slug: string, kind: Kind, doc: Doc): Doc {
    this.#sorted.delete(`${slug} ${kind}`);
    return this.#place(slug).put(kind, doc);
  }

  remove(slug: string, kind: Kind, id: string): void {
    this.#sorted.delete(`${slug} ${kind}`);
    this.#place(slug).remove(kind, id);
  }

  /** Made when it is first asked for: most hubs see one account. */
  #place(slug: string): Documents<Kind, Doc> {
    const known = this.#places.get(slug);
    if (known) return known;
    const first = baseOf(placeOf(slug), this.epoch);
    const base = {} as Record<Kind, readonly Doc[]>;
    for (const kind of KINDS) base[kind] = first[kind] ?? [];
    const changes = this.changes[slug] ?? {};
    this.changes[slug] = changes;
    const made = new Documents({ base, changes, changed: this.#changed });
    this.#places.set(slug, made);
    return made;
  }
}

import { type Base, baseOf } from './base.ts';
import { placeOf } from './demo.ts';
import type { Doc } from './shapes.ts';

export type Kind =
  | 'customers'
  | 'charges'
  | 'refunds'
  | 'balance_transactions'
  | 'subscriptions'
  | 'invoices'
  | 'invoice_payments'
  | 'products'
  | 'prices'
  | 'disputes'
  | 'events'
  | 'webhook_endpoints';

/** Place → kind → id → what it has become; `null` for what was removed. */
export type Changes = Record<string, Record<string, Record<string, Doc | null>>>;

/** There are none on the first day, so that those removed leave no trace. */
const LATER: readonly Kind[] = ['events', 'webhook_endpoints'];

/** The accounts and what is in them: a base made anew on every start, and the changes over it. */
export class World {
  /** Unix seconds of the first day. */
  readonly epoch: number;
  readonly changes: Changes;
  readonly #places = new Map<string, Map<string, Map<string, Doc>>>();
  readonly #sorted = new Map<string, readonly Doc[]>();
  readonly #changed: () => void;

  constructor(given: { epoch: number; changes: Changes | undefined; changed: () => void }) {
    this.epoch = given.epoch;
    this.changes = given.changes ?? {};
    this.#changed = given.changed;
  }

  get(slug: string, kind: Kind, id: string): Doc | undefined {
    return this.#kind(slug, kind).get(id);
  }

  /** Newest first, as the provider lists everything. */
  list(slug: string, kind: Kind): readonly Doc[] {
    const key = `${slug} ${kind}`;
    const known = this.#sorted.get(key);
    if (known) return known;
    const all = [...this.#kind(slug, kind).values()].reverse().sort((a, b) => b.created - a.created);
    this.#sorted.set(key, all);
    return all;
  }

  put(slug: string, kind: Kind, doc: Doc): Doc {
    const docs = this.#kind(slug, kind);
    docs.set(doc.id, doc);
    return this.#note(slug, kind, doc.id, doc) as Doc;
  }

  remove(slug: string, kind: Kind, id: string): void {
    this.#kind(slug, kind).delete(id);
    this.#note(slug, kind, id, null);
  }

  #note(slug: string, kind: Kind, id: string, doc: Doc | null): Doc | null {
    this.#sorted.delete(`${slug} ${kind}`);
    const place = this.changes[slug] ?? {};
    const changed = place[kind] ?? {};
    this.changes[slug] = place;
    place[kind] = changed;
    if (doc === null && LATER.includes(kind)) delete changed[id];
    else changed[id] = doc;
    this.#changed();
    return doc;
  }

  #kind(slug: string, kind: Kind): Map<string, Doc> {
    const place = this.#places.get(slug) ?? this.#build(slug);
    const docs = place.get(kind) ?? new Map<string, Doc>();
    place.set(kind, docs);
    return docs;
  }

  /** Made when it is first asked for: most hubs see one account. */
  #build(slug: string): Map<string, Map<string, Doc>> {
    const base: Base = baseOf(placeOf(slug), this.epoch);
    const place = new Map(Object.entries(base).map(([kind, docs]) => [kind, new Map(docs.map((doc) => [doc.id, doc]))] as const));
    for (const [kind, changed] of Object.entries(this.changes[slug] ?? {})) {
      const docs = place.get(kind) ?? new Map<string, Doc>();
      place.set(kind, docs);
      for (const [id, doc] of Object.entries(changed)) {
        if (doc) docs.set(id, doc);
        else docs.delete(id);
      }
    }
    this.#places.set(slug, place);
    return place;
  }
}

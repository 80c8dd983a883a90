/** Kind → key → what it has become; `null` for what was removed. Plain JSON, to be saved. */
export type Changes<Kind extends string, Doc> = Partial<Record<Kind, Record<string, Doc | null>>>;

/** What documents are made of. */
export interface DocumentsOptions<Kind extends string, Doc> {
  /** What there is on the first day, by kind, also of kinds of which there is nothing. */
  readonly base: Readonly<Record<Kind, readonly Doc[]>>;
  /** As saved before; changed in place. */
  readonly changes?: Changes<Kind, Doc> | undefined;
  /** The key of a document; default: its `id`. */
  keyOf?(doc: Doc): string;
  /** After each change: the time to save. */
  changed(): void;
}

/** The provider's objects: a base made anew on every start, and the changes over it. Only those need saving. */
export class Documents<Kind extends string, Doc extends object> {
  readonly changes: Changes<Kind, Doc>;
  readonly #given: DocumentsOptions<Kind, Doc>;
  readonly #docs = new Map<Kind, Map<string, Doc>>();
  readonly #first = new Map<Kind, ReadonlySet<string>>();

  constructor(given: DocumentsOptions<Kind, Doc>) {
    this.#given = given;
    this.changes = given.changes ?? {};
    for (const kind of Object.keys(given.base) as Kind[]) {
      const docs = new Map(given.base[kind].map((doc) => [this.#keyOf(doc), doc]));
      this.#first.set(kind, new Set(docs.keys()));
      for (const [key, doc] of Object.entries(this.changes[kind] ?? {})) {
        if (doc) docs.set(key, doc as Doc);
        else docs.delete(key);
      }
      this.#docs.set(kind, docs);
    }
  }

  get(kind: Kind, key: string): Doc | undefined {
    return this.#of(kind).get(key);
  }

  /** Those of a kind, the base's in its own order and then what was added. */
  all(kind: Kind, where: (doc: Doc) => boolean = () => true): Doc[] {
    return [...this.#of(kind).values()].filter(where);
  }

  count(kind: Kind): number {
    return this.#of(kind).size;
  }

  put(kind: Kind, doc: Doc): Doc {
    const key = this.#keyOf(doc);
    this.#of(kind).set(key, doc);
    this.#changesOf(kind)[key] = doc;
    this.#given.changed();
    return doc;
  }

  remove(kind: Kind, key: string): void {
    this.#of(kind).delete(key);
    // What was added leaves no trace.
    if (this.#first.get(kind)?.has(key)) this.#changesOf(kind)[key] = null;
    else delete this.#changesOf(kind)[key];
    this.#given.changed();
  }

  #keyOf(doc: Doc): string {
    return this.#given.keyOf?.(doc) ?? String((doc as { id?: unknown }).id);
  }

  #of(kind: Kind): Map<string, Doc> {
    return this.#docs.get(kind) as Map<string, Doc>;
  }

  #changesOf(kind: Kind): Record<string, Doc | null> {
    const changed: Record<string, Doc | null> = this.changes[kind] ?? {};
    this.changes[kind] = changed;
    return changed;
  }
}

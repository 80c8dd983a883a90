import { baseCampaigns, baseMembers, baseTags, type Doc } from './base.ts';
import { ACCOUNTS, AUDIENCES, type DemoAudience } from './demo.ts';

const KINDS = ['members', 'tags', 'campaigns', 'webhooks', 'forgotten'] as const;
export type Kind = (typeof KINDS)[number];
/** Kind → key → what it has become; `null` for what was removed. */
export type Changes = Partial<Record<Kind, Record<string, Doc | null>>>;

/** The accounts and what is in them: a base made anew on every start, and the changes over it. */
export class World {
  readonly epoch: number;
  readonly #changes: Changes;
  readonly #docs = new Map<Kind, Map<string, Doc>>(KINDS.map((kind) => [kind, new Map()]));
  readonly #changed: () => void;

  constructor(given: { epoch: number; changes: Changes | undefined; changed: () => void }) {
    this.epoch = given.epoch;
    this.#changes = given.changes ?? {};
    this.#changed = given.changed;
    for (const account of ACCOUNTS) {
      this.#fill('campaigns', baseCampaigns(account, this.epoch));
      for (const audience of account.audiences) {
        this.#fill('members', baseMembers(account, audience, this.epoch));
        this.#fill('tags', baseTags(audience, this.epoch));
      }
    }
    for (const kind of KINDS) {
      for (const [key, doc] of Object.entries(this.#changes[kind] ?? {})) {
        if (doc) this.#of(kind).set(key, doc);
        else this.#of(kind).delete(key);
      }
    }
  }

  get changes(): Changes {
    return this.#changes;
  }

  get(kind: Kind, key: string): Doc | undefined {
    return this.#of(kind).get(key);
  }

  /** Everything of a kind, of one audience where one is named. */
  all(kind: Kind, listId?: string): Doc[] {
    const docs = [...this.#of(kind).values()];
    return listId === undefined ? docs : docs.filter((doc) => doc['list_id'] === listId);
  }

  put(kind: Kind, doc: Doc): Doc {
    this.#of(kind).set(doc.key, doc);
    this.#note(kind, doc.key, doc);
    return doc;
  }

  remove(kind: Kind, key: string): void {
    this.#of(kind).delete(key);
    this.#note(kind, key, null);
  }

  audience(id: string | undefined): DemoAudience | undefined {
    return AUDIENCES.find((audience) => audience.id === id);
  }

  #note(kind: Kind, key: string, doc: Doc | null): void {
    this.#changes[kind] ??= {};
    this.#changes[kind][key] = doc;
    this.#changed();
  }

  #of(kind: Kind): Map<string, Doc> {
    return this.#docs.get(kind) as Map<string, Doc>;
  }

  #fill(kind: Kind, docs: readonly Doc[]): void {
    for (const doc of docs) this.#of(kind).set(doc.key, doc);
  }
}

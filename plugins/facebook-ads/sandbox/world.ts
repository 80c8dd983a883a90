import { type AdTree, adTree, type Doc, formsOf, type Kind, leadDoc, leadsOf } from './base.ts';
import { ACCOUNTS, PAGES } from './demo.ts';
import { Random } from './random.ts';
import { graphTime } from './time.ts';

/** Kind → id → what it has become; `null` for what is gone without a trace. */
export type Changes = Record<Kind, Record<string, Doc | null>>;

const KINDS = ['campaigns', 'adsets', 'ads', 'forms', 'leads'] as const;

/** Ad accounts, pages and what is in them: a base made anew on every start, and the changes over it. */
export class World {
  readonly epoch: number;
  readonly changes: Changes;
  readonly #docs: Record<Kind, Map<string, Doc>>;
  readonly #changed: () => void;

  constructor(given: { epoch: number; changes: Changes | undefined; changed: () => void }) {
    this.epoch = given.epoch;
    this.changes = given.changes ?? { campaigns: {}, adsets: {}, ads: {}, forms: {}, leads: {} };
    this.#changed = given.changed;
    this.#docs = { campaigns: new Map(), adsets: new Map(), ads: new Map(), forms: new Map(), leads: new Map() };
    this.#build();
    for (const kind of KINDS) {
      for (const [id, doc] of Object.entries(this.changes[kind])) {
        if (doc) this.#docs[kind].set(id, doc);
        else this.#docs[kind].delete(id);
      }
    }
  }

  get(kind: Kind, id: string): Doc | undefined {
    return this.#docs[kind].get(id);
  }

  all(kind: Kind, where: (doc: Doc) => boolean = () => true): Doc[] {
    return [...this.#docs[kind].values()].filter(where);
  }

  /** Of one ad account, whose id is given with `act_`. */
  inAccount(kind: 'campaigns' | 'adsets' | 'ads', account: string): Doc[] {
    const id = account.replace('act_', '');
    return this.all(kind, (doc) => doc['account_id'] === id);
  }

  /** The campaign, ad set or ad with this id. */
  adObject(id: string): { kind: 'campaigns' | 'adsets' | 'ads'; doc: Doc } | undefined {
    for (const kind of ['campaigns', 'adsets', 'ads'] as const) {
      const doc = this.get(kind, id);
      if (doc) return { kind, doc };
    }
    return undefined;
  }

  put(kind: Kind, doc: Doc): Doc {
    this.#docs[kind].set(doc.id, doc);
    this.changes[kind][doc.id] = doc;
    this.#changed();
    return doc;
  }

  remove(kind: Kind, id: string): void {
    this.#docs[kind].delete(id);
    this.changes[kind][id] = null;
    this.#changed();
  }

  /** Status of an ad object and of everything below it, the way the provider shows both. */
  setStatus(id: string, status: string, now: number): Doc | undefined {
    const found = this.adObject(id);
    if (!found) return undefined;
    const updated_time = graphTime(now);
    const parent = found.kind === 'campaigns' ? 'campaign_id' : 'adset_id';
    for (const kind of ['adsets', 'ads'] as const) {
      for (const doc of this.all(kind, (one) => one[parent] === id && one.id !== id)) {
        if (status === 'DELETED') this.put(kind, { ...doc, status, effective_status: status, updated_time });
        else this.put(kind, { ...doc, effective_status: effective(doc, status, found.kind) });
      }
    }
    return this.put(found.kind, { ...found.doc, status, configured_status: status, effective_status: status, updated_time });
  }

  addLead(form: Doc, given: { now: number; name?: string; email?: string; organic?: boolean }): Doc {
    const count = this.#docs.leads.size;
    const id = `89${String(form['page_id']).slice(-4)}${String(count).padStart(8, '0')}`;
    const account = PAGES.find((page) => page.id === form['page_id'])?.account ?? '';
    const ads = this.inAccount('ads', account).filter((ad) => ad['effective_status'] === 'ACTIVE');
    const random = new Random(id);
    const ad = given.organic || ads.length === 0 ? undefined : random.pick(ads);
    const { now: created, name, email } = given;
    const known = { id, form, ad, created, random, nameOf: this.#nameOf };
    return this.put('leads', leadDoc({ ...known, ...(name && { name }), ...(email && { email }) }));
  }

  readonly #nameOf = (id: string) => this.adObject(id)?.doc['name'];

  #build(): void {
    const trees = new Map<string, AdTree>();
    for (const account of ACCOUNTS) {
      const tree = adTree(account, this.epoch);
      trees.set(account.id, tree);
      for (const kind of ['campaigns', 'adsets', 'ads'] as const) this.#fill(kind, tree[kind]);
    }
    for (const page of PAGES) {
      const forms = formsOf(page, this.epoch);
      const ads = (trees.get(page.account)?.ads ?? []).filter((ad) => ad['effective_status'] !== 'DELETED');
      this.#fill('forms', forms);
      this.#fill('leads', leadsOf(page, { forms, ads, epoch: this.epoch, nameOf: this.#nameOf }));
    }
  }

  #fill(kind: Kind, docs: readonly Doc[]): void {
    for (const doc of docs) this.#docs[kind].set(doc.id, doc);
  }
}

/** What a child shows while its parent has `status`. */
function effective(doc: Doc, status: string, parent: Kind): unknown {
  if (doc['status'] !== 'ACTIVE') return doc['effective_status'];
  if (status === 'ACTIVE') return 'ACTIVE';
  return parent === 'campaigns' ? 'CAMPAIGN_PAUSED' : 'ADSET_PAUSED';
}

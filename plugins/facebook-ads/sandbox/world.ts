import { type Changes, Documents, Random } from 'patchbay/simulator';
import { adTree, type Doc, formsOf, type Kind, leadDoc, leadsOf } from './base.ts';
import { ACCOUNTS, PAGES } from './demo.ts';
import { graphTime } from './time.ts';

/** Ad accounts, pages and what is in them. */
export class World extends Documents<Kind, Doc> {
  readonly epoch: number;

  constructor({ epoch, ...given }: { epoch: number; changes: Changes<Kind, Doc> | undefined; changed: () => void }) {
    super({ ...given, base: firstDay(epoch) });
    this.epoch = epoch;
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
    const count = this.count('leads');
    const id = `89${String(form['page_id']).slice(-4)}${String(count).padStart(8, '0')}`;
    const account = PAGES.find((page) => page.id === form['page_id'])?.account ?? '';
    const ads = this.inAccount('ads', account).filter((ad) => ad['effective_status'] === 'ACTIVE');
    const random = new Random(id);
    const ad = given.organic || ads.length === 0 ? undefined : random.pick(ads);
    const { now: created, name, email } = given;
    const known = { id, form, ad, created, random, nameOf: (one: string) => this.adObject(one)?.doc['name'] };
    return this.put('leads', leadDoc({ ...known, ...(name && { name }), ...(email && { email }) }));
  }
}

function firstDay(epoch: number): Record<Kind, Doc[]> {
  const trees = new Map(ACCOUNTS.map((account) => [account.id, adTree(account, epoch)]));
  const all = (kind: 'campaigns' | 'adsets' | 'ads') => [...trees.values()].flatMap((tree) => tree[kind]);
  const names = new Map([...all('campaigns'), ...all('adsets'), ...all('ads')].map(({ id, name }) => [id, name]));
  const pages = PAGES.map((page) => {
    const forms = formsOf(page, epoch);
    const ads = (trees.get(page.account)?.ads ?? []).filter((ad) => ad['effective_status'] !== 'DELETED');
    return { forms, leads: leadsOf(page, { forms, ads, epoch, nameOf: (id) => names.get(id) }) };
  });
  return {
    campaigns: all('campaigns'),
    adsets: all('adsets'),
    ads: all('ads'),
    forms: pages.flatMap(({ forms }) => forms),
    leads: pages.flatMap(({ leads }) => leads),
  };
}

/** What a child shows while its parent has `status`. */
function effective(doc: Doc, status: string, parent: Kind): unknown {
  if (doc['status'] !== 'ACTIVE') return doc['effective_status'];
  if (status === 'ACTIVE') return 'ACTIVE';
  return parent === 'campaigns' ? 'CAMPAIGN_PAUSED' : 'ADSET_PAUSED';
}

import { Random } from 'patchbay/simulator';
import { type DemoAccount, type DemoPage, PAGES } from './demo.ts';
import { DAY, graphTime } from './time.ts';

/** An object as the provider keeps it: numbers of money are texts, ids are texts of digits. */
export type Doc = Readonly<Record<string, unknown>> & { readonly id: string };
export type Kind = 'campaigns' | 'adsets' | 'ads' | 'forms' | 'leads';

const OBJECTIVES = ['OUTCOME_SALES', 'OUTCOME_LEADS', 'OUTCOME_TRAFFIC', 'OUTCOME_AWARENESS'] as const;
const THEMES = ['Spring', 'Summer', 'Autumn', 'Winter', 'Evergreen', 'Retargeting', 'Lookalike', 'Launch'];
const FIRST = 'Ada Ben Clara David Élodie Farid Grace Hugo Iris Jonas Kofi Lena Marta Noah Olga Paul Quinn Rosa Søren Tara'.split(
  ' ',
);
const LAST = 'Adams Brandt Costa Díaz Evans Fischer Gupta Hansen Ito Jones Klein Lopez Moore Nowak Okoro Patel Reyes Åberg'.split(
  ' ',
);

export interface AdTree {
  readonly campaigns: Doc[];
  readonly adsets: Doc[];
  readonly ads: Doc[];
}

/** Campaigns with three ad sets each, two ads in each. */
export function adTree(account: DemoAccount, epoch: number): AdTree {
  const random = new Random(account.seed);
  const tree: AdTree = { campaigns: [], adsets: [], ads: [] };
  for (let index = 0; index < account.campaigns; index += 1) grow(tree, { account, epoch, random, index });
  return tree;
}

interface Growth {
  readonly account: DemoAccount;
  readonly epoch: number;
  readonly random: Random;
  readonly index: number;
}

function grow(tree: AdTree, { account, epoch, random, index }: Growth): void {
  const started = epoch - (10 + random.below(150)) * DAY;
  const paused = random.chance(0.25);
  // A few were removed long ago: only who asks for them sees them.
  const status = index % 11 === 7 ? 'DELETED' : index % 9 === 5 ? 'ARCHIVED' : paused ? 'PAUSED' : 'ACTIVE';
  const times = { created_time: graphTime(started), updated_time: graphTime(started + random.below(epoch - started - DAY)) };
  const account_id = account.id.replace('act_', '');
  const id = `1202${account.seed}${String(index).padStart(8, '0')}`;
  const budget = String((20 + random.below(80)) * 100);
  const name = `${random.pick(THEMES)} ${2024 + (index % 3)} · ${index + 1}`;
  const state = { status, configured_status: status };
  tree.campaigns.push({
    id,
    account_id,
    name,
    objective: OBJECTIVES[index % OBJECTIVES.length],
    ...state,
    effective_status: status,
    buying_type: 'AUCTION',
    bid_strategy: 'LOWEST_COST_WITHOUT_CAP',
    special_ad_categories: [],
    ...(index % 4 === 3 ? { lifetime_budget: `${budget}0` } : { daily_budget: budget }),
    start_time: graphTime(started),
    ...times,
  });
  for (let set = 0; set < 3; set += 1) growSet(tree, { account_id, campaign: id, set, name, status, started, times });
}

interface SetGrowth {
  readonly account_id: string;
  readonly campaign: string;
  readonly set: number;
  readonly name: string;
  readonly status: string;
  readonly started: number;
  readonly times: object;
}

function growSet(tree: AdTree, given: SetGrowth): void {
  const { account_id, campaign, set, status, times } = given;
  const adset = `${campaign.replace('1202', '2302')}${set}`;
  const below = status === 'PAUSED' ? 'CAMPAIGN_PAUSED' : status;
  const state = status === 'DELETED' || status === 'ARCHIVED' ? status : 'ACTIVE';
  tree.adsets.push({
    id: adset,
    account_id,
    campaign_id: campaign,
    name: `${given.name} / ${['Broad', 'Interests', 'Visitors'][set]}`,
    status: state,
    configured_status: state,
    effective_status: below,
    optimization_goal: 'OFFSITE_CONVERSIONS',
    billing_event: 'IMPRESSIONS',
    targeting: { age_min: 18, age_max: 65, geo_locations: { countries: ['US'] } },
    attribution_spec: [
      { event_type: 'CLICK_THROUGH', window_days: 7 },
      { event_type: 'VIEW_THROUGH', window_days: 1 },
    ],
    promoted_object: { pixel_id: '770000000000001', custom_event_type: 'PURCHASE' },
    start_time: graphTime(given.started),
    ...times,
  });
  for (let ad = 0; ad < 2; ad += 1) {
    const id = `${adset.replace('2302', '3402')}${ad}`;
    tree.ads.push({
      id,
      account_id,
      campaign_id: campaign,
      adset_id: adset,
      name: `${['Video', 'Carousel'][ad]} ${set + 1}`,
      status: state,
      configured_status: state,
      effective_status: below,
      creative: { id: `5502${id.slice(4)}` },
      ...times,
    });
  }
}

export const QUESTIONS = [
  { key: 'full_name', label: 'Full name', type: 'FULL_NAME' },
  { key: 'email', label: 'Email', type: 'EMAIL' },
  { key: 'phone_number', label: 'Phone number', type: 'PHONE' },
  { key: 'what_is_your_goal?', label: 'What is your goal?', type: 'CUSTOM' },
] as const;

export function formsOf(page: DemoPage, epoch: number): Doc[] {
  return page.forms.map((name, index) => ({
    id: `66${page.id.slice(-4)}000000${index + 1}`,
    page_id: page.id,
    name,
    status: 'ACTIVE',
    locale: 'en_US',
    questions: QUESTIONS,
    created_time: graphTime(epoch - 200 * DAY),
  }));
}

/** Instant-form leads of 100 days: the oldest ten days are past what the provider still gives away. */
export function leadsOf(
  page: DemoPage,
  given: { forms: readonly Doc[]; ads: readonly Doc[]; epoch: number; nameOf: NameOf },
): Doc[] {
  const random = new Random(page.seed);
  return Array.from({ length: page.leads }, (_, index) => {
    const created = given.epoch - DAY / 2 - random.below(99 * DAY);
    const form = random.pick(given.forms);
    const id = `88${page.id.slice(-4)}${String(index).padStart(8, '0')}`;
    const ad = random.chance(0.15) ? undefined : random.pick(given.ads);
    return leadDoc({ id, form, ad, created, random, nameOf: given.nameOf });
  });
}

/** The name of a campaign or ad set. */
export type NameOf = (id: string) => unknown;

interface NewLead {
  readonly id: string;
  readonly form: Doc;
  /** None: the form was opened on the page itself. */
  readonly ad: Doc | undefined;
  readonly created: number;
  readonly random: Random;
  readonly nameOf: NameOf;
  readonly name?: string;
  readonly email?: string;
}

export function leadDoc({ id, form, ad, created, random, nameOf, name, email }: NewLead): Doc {
  const [first, last] = [random.pick(FIRST), random.pick(LAST)];
  const plain = (text: string) =>
    text
      .normalize('NFD')
      .replaceAll(/[^a-z]/gi, '')
      .toLowerCase();
  return {
    id,
    form_id: form.id,
    page_id: form['page_id'],
    created_time: graphTime(created),
    is_organic: ad === undefined,
    platform: random.pick(['fb', 'ig']),
    ...(ad && broughtBy(ad, nameOf)),
    field_data: [
      { name: 'full_name', values: [name ?? `${first} ${last}`] },
      { name: 'email', values: [email ?? `${plain(first)}.${plain(last)}.${id.slice(-5)}@mail.example`] },
      { name: 'phone_number', values: [`+1555${id.slice(-7)}`] },
      { name: 'what_is_your_goal?', values: [random.pick(['More energy', 'Lose weight', 'Meet people'])] },
    ],
  };
}

function broughtBy(ad: Doc, nameOf: NameOf): object {
  const { adset_id, campaign_id } = ad;
  const names = { adset_name: nameOf(String(adset_id)), campaign_name: nameOf(String(campaign_id)) };
  return { ad_id: ad.id, ad_name: ad['name'], adset_id, campaign_id, ...names };
}

export function pageOf(id: string): DemoPage | undefined {
  return PAGES.find((page) => page.id === id);
}

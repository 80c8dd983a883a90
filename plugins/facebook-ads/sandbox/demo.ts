/** Demo values, known to everyone: they open nothing but the simulator. */

export const HOSTS = { graph: 'graph.facebook.com', consent: 'www.facebook.com' } as const;

export const DEMO_APP_ID = '1055500000000001';
export const DEMO_APP_SECRET = '0f1e2d3c4b5a69788796a5b4c3d2e1f0';
export const DEMO_VERIFY_TOKEN = 'sandbox-verify-token';

/** Long-lived, as a fresh simulator takes it. */
export const DEMO_LOGIN_TOKEN = 'EAASandboxLogin7Qm2ZBkPp0XyLr5TnWc4VdHs8GaJf1Ue9';
/** Of a system user; never ends. */
export const DEMO_SYSTEM_TOKEN = 'EAASandboxSystem3Zc8Yt6RvQe1LkMw5NbXp0HsDg7JfUa2';

export const SCOPES = [
  'ads_read',
  'ads_management',
  'business_management',
  'leads_retrieval',
  'pages_show_list',
  'pages_read_engagement',
  'pages_manage_metadata',
  'pages_manage_ads',
] as const;

export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly timezone: string;
  readonly campaigns: number;
  readonly seed: number;
}

export interface DemoPage {
  readonly id: string;
  readonly name: string;
  /** Whose ads bring its leads. */
  readonly account: string;
  readonly forms: readonly string[];
  readonly leads: number;
  readonly seed: number;
}

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly accounts: readonly string[];
  readonly pages: readonly string[];
}

export const ACCOUNTS: readonly DemoAccount[] = [
  { id: 'act_10101010101', name: 'Blue Fitness', currency: 'USD', timezone: 'America/Chicago', campaigns: 24, seed: 11 },
  { id: 'act_20202020202', name: 'Blue Fitness Japan', currency: 'JPY', timezone: 'Asia/Tokyo', campaigns: 8, seed: 22 },
  { id: 'act_30303030303', name: 'Nordic Cups', currency: 'EUR', timezone: 'Europe/Stockholm', campaigns: 5, seed: 33 },
  { id: 'act_40404040404', name: 'Okafor Dental', currency: 'GBP', timezone: 'Europe/London', campaigns: 3, seed: 44 },
];

export const PAGES: readonly DemoPage[] = [
  {
    id: '110000000000001',
    name: 'Blue Fitness',
    account: 'act_10101010101',
    forms: ['Free trial', 'Personal training', 'Corporate wellness'],
    leads: 640,
    seed: 51,
  },
  {
    id: '110000000000002',
    name: 'Nordic Cups',
    account: 'act_30303030303',
    forms: ['Wholesale catalogue', 'Newsletter gift'],
    leads: 180,
    seed: 52,
  },
  {
    id: '110000000000003',
    name: 'Okafor Dental',
    account: 'act_40404040404',
    forms: ['First appointment'],
    leads: 40,
    seed: 53,
  },
];

export const NORA: Person = {
  id: '10220000000000001',
  name: 'Nora Lindqvist',
  accounts: ['act_10101010101', 'act_20202020202', 'act_30303030303'],
  pages: ['110000000000001', '110000000000002'],
};
export const SAM: Person = {
  id: '10220000000000002',
  name: 'Sam Okafor',
  accounts: ['act_40404040404'],
  pages: ['110000000000003'],
};
/** The system user of the manual way. */
export const REPORTS: Person = {
  id: '61550000000000009',
  name: 'Store reports',
  accounts: ['act_10101010101'],
  pages: ['110000000000001'],
};

export const PEOPLE: readonly Person[] = [NORA, SAM];

export function personOf(id: string | undefined): Person | undefined {
  return [...PEOPLE, REPORTS].find((person) => person.id === id);
}

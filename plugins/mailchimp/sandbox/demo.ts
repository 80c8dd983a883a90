/** Demo values, known to everyone: they open nothing but the simulator. */

export const LOGIN_HOST = 'login.mailchimp.com';
export const API_HOSTS = '*.api.mailchimp.com';

export const DEMO_CLIENT_ID = '628104775193';
export const DEMO_CLIENT_SECRET = '5a9d1c0ffee04b7e8c3d2f6a1b0e9d8c7f6e5d4c3b2a190817';
/** What a fresh simulator takes without a consent. */
export const DEMO_TOKEN = '7d1f0e2c3b4a5968778695a4b3c2d1e0';

export interface DemoAudience {
  readonly id: string;
  readonly name: string;
  readonly members: number;
  readonly doubleOptIn: boolean;
  /** Merge fields besides the usual ones; a `!` marks a required one. */
  readonly fields: readonly string[];
  readonly tags: readonly string[];
  readonly interests: readonly { readonly title: string; readonly names: readonly string[] }[];
  /** What people are asked to agree to, where the audience has such fields (GDPR). */
  readonly permissions?: readonly string[];
}

export interface DemoAccount {
  readonly id: string;
  readonly name: string;
  readonly dc: string;
  readonly apiKey: string;
  readonly timezone: string;
  readonly currency: string;
  readonly owner: string;
  readonly campaigns: number;
  readonly seed: number;
  readonly audiences: readonly [DemoAudience, ...DemoAudience[]];
}

export const BLUE_FITNESS: DemoAccount = {
  id: '8d3a3db4d97663a9074efcc16',
  name: 'Blue Fitness',
  dc: 'us19',
  apiKey: '0c5f3e9a7b1d42688e6f4a2c9d7b5e31-us19',
  timezone: 'America/Chicago',
  currency: 'USD',
  owner: 'mia@bluefitness.example',
  campaigns: 180,
  seed: 11,
  audiences: [
    {
      id: '3f8c1b2a4d',
      name: 'Members and friends',
      members: 2412,
      doubleOptIn: false,
      fields: ['COMPANY'],
      tags: ['newsletter', 'trial', 'member', 'vip', 'winback', 'spring sale'],
      interests: [
        { title: 'Classes', names: ['Yoga', 'Spinning', 'Boxing', 'Swimming'] },
        { title: 'Times', names: ['Mornings', 'Evenings', 'Weekends'] },
      ],
    },
    {
      id: '9b7e6d5c4a',
      name: 'Corporate partners',
      members: 312,
      doubleOptIn: true,
      fields: ['COMPANY!'],
      tags: ['prospect', 'contract signed'],
      interests: [],
    },
  ],
};

export const RIVERSIDE_DENTAL: DemoAccount = {
  id: '1c9b8a7f6e5d4c3b2a1908172',
  name: 'Riverside Dental',
  dc: 'us6',
  apiKey: 'f1e2d3c4b5a697887766554433221100-us6',
  timezone: 'Europe/London',
  currency: 'GBP',
  owner: 'frontdesk@riverside.example',
  campaigns: 24,
  seed: 23,
  audiences: [
    {
      id: '5d4c3b2a19',
      name: 'Patients',
      members: 287,
      doubleOptIn: true,
      fields: [],
      tags: ['recall', 'patient'],
      interests: [],
      permissions: ['Email', 'Direct mail'],
    },
  ],
};

export const ACCOUNTS: readonly [DemoAccount, ...DemoAccount[]] = [BLUE_FITNESS, RIVERSIDE_DENTAL];
export const AUDIENCES: readonly DemoAudience[] = ACCOUNTS.flatMap(({ audiences }) => audiences);

export function accountOf(id: string | null | undefined): DemoAccount | undefined {
  return ACCOUNTS.find((account) => account.id === id);
}

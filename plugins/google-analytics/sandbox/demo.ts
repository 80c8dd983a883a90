/** Demo values, known to everyone: they open nothing but the simulator. */

export const HOSTS = {
  consent: 'accounts.google.com',
  oauth: 'oauth2.googleapis.com',
  userinfo: 'openidconnect.googleapis.com',
  admin: 'analyticsadmin.googleapis.com',
  data: 'analyticsdata.googleapis.com',
  collect: 'www.google-analytics.com',
  collectEu: 'region1.google-analytics.com',
} as const;

export const DEMO_CLIENT_ID = '407408718192-sandbox.apps.googleusercontent.com';
export const DEMO_CLIENT_SECRET = 'GOCSPX-sandbox-client-of-the-demo';
export const DEMO_ACCESS_TOKEN = 'ya29.demo-access-token-of-the-sandbox-00001';
export const DEMO_REFRESH_TOKEN = '1//demo-refresh-token-of-the-sandbox-00001';

export const SCOPES = {
  openid: 'openid',
  email: 'https://www.googleapis.com/auth/userinfo.email',
  read: 'https://www.googleapis.com/auth/analytics.readonly',
  edit: 'https://www.googleapis.com/auth/analytics.edit',
} as const;

/** What the consent page says about each; Google lets people untick all but the first two. */
export const SCOPE_WORDS: Readonly<Record<string, string>> = {
  [SCOPES.openid]: 'Associate you with your personal info on Google',
  [SCOPES.email]: 'See your primary Google Account email address',
  [SCOPES.read]: 'See and download your Google Analytics data',
  [SCOPES.edit]: 'Edit Google Analytics management entities',
};

export interface DemoStream {
  readonly id: string;
  readonly displayName: string;
  /** A web stream; without it, an Android app. */
  readonly measurementId?: string;
  readonly uri?: string;
  readonly secrets: readonly string[];
}

export interface DemoProperty {
  readonly id: string;
  readonly displayName: string;
  readonly timeZone: string;
  readonly currencyCode: string;
  /** How much goes on there: sessions on an ordinary day. */
  readonly size: number;
  readonly canEdit: boolean;
  readonly streams: readonly DemoStream[];
  readonly keyEvents: readonly string[];
}

export interface DemoAccount {
  readonly id: string;
  readonly displayName: string;
  readonly properties: readonly DemoProperty[];
}

export interface Login {
  readonly sub: string;
  readonly email: string;
  readonly about: string;
  readonly accounts: readonly DemoAccount[];
}

export const BLUE_FITNESS: DemoProperty = {
  id: '310000001',
  displayName: 'Blue Fitness website',
  timeZone: 'America/Chicago',
  currencyCode: 'USD',
  size: 200,
  canEdit: true,
  streams: [
    {
      id: '4100000011',
      displayName: 'Website',
      measurementId: 'G-BLUEFIT001',
      uri: 'https://blue-fitness.example',
      secrets: ['k3Demo_Blue-Fitness001'],
    },
    { id: '4100000012', displayName: 'Booking app', secrets: [] },
  ],
  keyEvents: ['purchase', 'generate_lead', 'sign_up'],
};

export const BLUE_TOKYO: DemoProperty = {
  id: '310000002',
  displayName: 'Blue Fitness Tokyo',
  timeZone: 'Asia/Tokyo',
  currencyCode: 'JPY',
  size: 30,
  canEdit: true,
  streams: [
    {
      id: '4100000021',
      displayName: 'Tokyo website',
      measurementId: 'G-BLUETOKYO1',
      uri: 'https://tokyo.blue-fitness.example',
      secrets: [],
    },
  ],
  keyEvents: ['purchase'],
};

export const RIVERSIDE: DemoProperty = {
  id: '310000003',
  displayName: 'Riverside Dental',
  timeZone: 'Europe/London',
  currencyCode: 'GBP',
  size: 40,
  canEdit: false,
  streams: [
    {
      id: '4100000031',
      displayName: 'Practice website',
      measurementId: 'G-RIVERDENT1',
      uri: 'https://riverside-dental.example',
      secrets: ['k3Demo_Riverside-00001'],
    },
  ],
  keyEvents: ['purchase', 'generate_lead'],
};

/** An agency sees more than one page of accounts holds. */
function agencyAccounts(): DemoAccount[] {
  return Array.from({ length: 230 }, (_, index) => {
    const id = String(20001 + index);
    const property: DemoProperty = {
      id: String(320000001 + index),
      displayName: `Client ${index + 1} website`,
      timeZone: 'Europe/Berlin',
      currencyCode: 'EUR',
      size: 10,
      canEdit: false,
      streams: [],
      keyEvents: [],
    };
    return { id, displayName: `Client ${index + 1}`, properties: [property] };
  });
}

export const OWNER: Login = {
  sub: '108204268033311374519',
  email: 'owner@blue-fitness.example',
  about: 'Blue Fitness and Riverside Dental, three properties',
  accounts: [
    { id: '10001', displayName: 'Blue Fitness', properties: [BLUE_FITNESS, BLUE_TOKYO] },
    { id: '10002', displayName: 'Riverside Dental', properties: [RIVERSIDE] },
  ],
};

export const AGENCY: Login = {
  sub: '114955102840182740022',
  email: 'team@harbour-media.example',
  about: 'an agency that sees 230 accounts',
  accounts: agencyAccounts(),
};

export const NEWCOMER: Login = {
  sub: '100000000000000000333',
  email: 'nobody@new.example',
  about: 'no Google Analytics at all',
  accounts: [],
};

export const LOGINS: readonly Login[] = [OWNER, AGENCY, NEWCOMER];

export function loginOf(sub: string | undefined): Login | undefined {
  return LOGINS.find((login) => login.sub === sub);
}

/** A property, whoever may see it. */
export function propertyOf(id: string): DemoProperty | undefined {
  return LOGINS.flatMap(({ accounts }) => accounts)
    .flatMap(({ properties }) => properties)
    .find((property) => property.id === id);
}

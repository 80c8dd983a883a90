/** Demo values, known to everyone: they open nothing but the simulator. */

export const HOSTS = { api: 'services.leadconnectorhq.com', consent: 'marketplace.leadconnectorhq.com' } as const;

export const DEMO_CLIENT_ID = '65f0c0ffee5a4db0c5000001-sandbox1';
export const DEMO_CLIENT_SECRET = '949ef919-3f33-456f-8e5f-3244c7e93a14';
export const DEMO_APP_ID = '65f0c0ffee5a4db0c5000001';
export const DEMO_COMPANY_ID = 'DemoAgency0000000001';

/** Signs the simulator's webhooks; the public half is the `app` field while the sandbox is on. */
export const DEMO_WEBHOOK_PUBLIC_KEY = 'MCowBQYDK2VwAyEAM9U4fhqkC1mry1esYO94lKDclzE9jI3iof8Mzq0LFlk=';
export const DEMO_WEBHOOK_PRIVATE_KEY = 'MC4CAQAwBQYDK2VwBCIEIMMdL7rdVfzk+2oVDnd8Pbsgaax3+h3a68p7e/95gGSi';

export interface Place {
  readonly id: string;
  readonly name: string;
  readonly timezone: string;
  readonly city: string;
  readonly state: string;
  readonly token: string;
  readonly contacts: number;
  readonly opportunities: number;
  readonly seed: number;
  readonly calendars: readonly { name: string; minutes: number }[];
  readonly stages: readonly { pipeline: string; stages: readonly string[] }[];
  readonly tags: readonly string[];
}

export const BLUE_FITNESS: Place = {
  id: 'BlueFitnessDemo00001',
  name: 'Blue Fitness',
  timezone: 'America/Chicago',
  city: 'Austin',
  state: 'TX',
  token: 'pit-5fff21b5-d4b9-4889-bcca-3a2bb9f0e098',
  contacts: 3412,
  opportunities: 640,
  seed: 11,
  calendars: [
    { name: 'Free trial session', minutes: 60 },
    { name: 'Personal training', minutes: 60 },
    { name: 'Body check', minutes: 30 },
  ],
  stages: [
    { pipeline: 'Memberships', stages: ['New lead', 'Trial booked', 'Trial done', 'Member'] },
    { pipeline: 'Corporate', stages: ['First call', 'Offer sent', 'Contract'] },
  ],
  tags: ['newsletter', 'trial', 'member', 'vip', 'corporate', 'winback'],
};

export const RIVERSIDE_DENTAL: Place = {
  id: 'RiversideDentalDem02',
  name: 'Riverside Dental',
  timezone: 'Europe/London',
  city: 'London',
  state: 'England',
  token: 'pit-d6a5d067-2251-42c6-b4fe-6886bf5da595',
  contacts: 287,
  opportunities: 45,
  seed: 23,
  calendars: [
    { name: 'Check-up', minutes: 30 },
    { name: 'Cleaning', minutes: 30 },
  ],
  stages: [{ pipeline: 'New patients', stages: ['Enquiry', 'Consultation', 'Treatment plan', 'Patient'] }],
  tags: ['recall', 'patient', 'insurance', 'newsletter'],
};

export const PLACES: readonly Place[] = [BLUE_FITNESS, RIVERSIDE_DENTAL];

export function placeOf(id: string | undefined): Place | undefined {
  return PLACES.find((place) => place.id === id);
}

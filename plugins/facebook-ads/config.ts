import type { Form } from 'patchbay';

const STREAMS = ['campaigns', 'adSets', 'ads', 'insights', 'leadForms', 'leads'] as const;

/** What is read of whom. */
const scope = {
  streams: {
    type: 'array',
    title: 'What to sync',
    description: 'New leads come in as they are sent. Everything else is copied by each sync.',
    items: { type: 'string', enum: STREAMS },
    'x-labels': {
      campaigns: 'Campaigns',
      adSets: 'Ad sets',
      ads: 'Ads',
      insights: 'Daily figures',
      leadForms: 'Lead forms',
      leads: 'Leads',
    },
    default: STREAMS,
  },
  adAccountIds: {
    type: 'array',
    title: 'Ad accounts',
    description: 'Read campaigns and figures of these only. None chosen means all that the login reaches.',
    items: { type: 'string' },
    'x-options': 'adAccounts',
    default: [],
  },
  pageIds: {
    type: 'array',
    title: 'Pages',
    description: 'Receive leads of these pages only. None chosen means all that the login reaches.',
    items: { type: 'string' },
    'x-options': 'pages',
    default: [],
  },
  leadFormIds: {
    type: 'array',
    title: 'Lead forms',
    'x-advanced': true,
    description: 'Receive leads of these forms only. None chosen means all of the pages above.',
    items: { type: 'string' },
    'x-options': 'leadForms',
    default: [],
  },
  permissions: {
    type: 'array',
    title: 'What it may change',
    'x-advanced': true,
    description: 'What this store’s systems may do in the ad account. Untick everything for a connection that only reads.',
    items: { type: 'string', enum: ['status', 'testLeads'] },
    'x-labels': { status: 'Pause and resume campaigns, ad sets and ads', testLeads: 'Create test leads' },
    default: ['status'],
  },
} as const;

/** How figures are counted. */
const figures = {
  insightsLevel: {
    type: 'string',
    title: 'Figures for each',
    description: 'The finer, the more rows: an ad account with 500 ads has 15,000 rows a month by ad.',
    enum: ['campaign', 'adset', 'ad'],
    'x-labels': { campaign: 'Campaign', adset: 'Ad set', ad: 'Ad' },
    default: 'campaign',
  },
  attributionWindow: {
    type: 'string',
    title: 'Attribution window',
    'x-advanced': true,
    description: 'Which purchases count as brought by an ad: how long after a click or a view.',
    enum: ['1d_click', '7d_click', '7d_click,1d_view', '28d_click'],
    'x-labels': {
      '1d_click': '1 day after a click',
      '7d_click': '7 days after a click',
      '7d_click,1d_view': '7 days after a click or 1 day after a view',
      '28d_click': '28 days after a click',
    },
    default: '7d_click,1d_view',
  },
  purchaseActionType: {
    type: 'string',
    title: 'What counts as a purchase',
    'x-advanced': true,
    description: 'Facebook counts one purchase under several names; only one of them may be used.',
    enum: ['omni_purchase', 'offsite_conversion.fb_pixel_purchase', 'purchase'],
    'x-labels': {
      omni_purchase: 'On the website, in an app or in a shop',
      'offsite_conversion.fb_pixel_purchase': 'On the website, as the pixel sees it',
      purchase: 'As Ads Manager shows it',
    },
    default: 'omni_purchase',
  },
  audience: {
    type: 'string',
    title: 'Split by audience',
    'x-advanced': true,
    description: 'Figures for each part of the people who saw the ads. Totals of reach cannot be added up across parts.',
    enum: ['none', 'age,gender', 'country', 'publisher_platform', 'device_platform'],
    'x-labels': {
      none: 'Not split',
      'age,gender': 'Age and gender',
      country: 'Country',
      publisher_platform: 'Facebook, Instagram and other places',
      device_platform: 'Mobile and desktop',
    },
    default: 'none',
  },
  lookbackDays: {
    type: 'integer',
    title: 'Read again, in days',
    'x-advanced': true,
    description: 'Each sync reads so many past days again, because purchases are attributed up to 28 days later.',
    minimum: 1,
    maximum: 90,
    default: 28,
  },
  historyDays: {
    type: 'integer',
    title: 'First sync, in days back',
    'x-advanced': true,
    description: 'How many days of figures the first sync reads. Facebook keeps about 37 months.',
    minimum: 1,
    maximum: 1100,
    default: 90,
  },
} as const;

/** Which question fills which field of a contact. */
export const leadFields = {
  type: 'object',
  title: 'Fields of a lead',
  'x-advanced': true,
  description: 'Which question of the forms fills which field of the contact.',
  'x-keys': {
    email: 'Email',
    phone: 'Phone',
    name: 'Full name',
    firstName: 'First name',
    lastName: 'Last name',
    company: 'Company',
    line1: 'Street',
    city: 'City',
    state: 'State',
    postalCode: 'Postal code',
    country: 'Country',
  },
  'x-options': 'leadQuestions',
  default: {
    email: 'email',
    phone: 'phone_number',
    name: 'full_name',
    firstName: 'first_name',
    lastName: 'last_name',
    company: 'company_name',
    line1: 'street_address',
    city: 'city',
    state: 'state',
    postalCode: 'post_code',
    country: 'country',
  },
} as const;

/** What becomes of a lead. */
const leads = {
  leadFields,
  leadTags: {
    type: 'array',
    title: 'Tags for leads',
    'x-advanced': true,
    description: 'Put on the contact of every lead, one per line.',
    items: { type: 'string' },
    maxItems: 20,
    default: [],
  },
} as const;

export const configForm = {
  type: 'object',
  properties: { ...scope, ...figures, ...leads },
} as const satisfies Form;

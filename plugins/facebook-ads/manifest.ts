import type { ConfigOf, Ctx, Manifest } from 'patchbay';
import { configForm } from './config.ts';
import { appForm, keyFields } from './forms.ts';
import { keysGuide, oauthGuide } from './guide.ts';
import { sentencesDe } from './sentences-de.ts';
import { de } from './texts-de.ts';

export const manifest = {
  sdk: 1,
  name: 'Facebook Ads',
  summary: 'Campaigns, their cost and what they bring, and every lead with the ad it came from.',
  category: 'Advertising',
  docs: 'https://developers.facebook.com/docs/marketing-apis/',
  apiVersion: 'v26.0',
  baseUrl: 'https://graph.facebook.com/v26.0',
  // The provider counts by the hour and by what a call costs; its usage headers slow us down before this does.
  rate: { requests: 300, seconds: 60, concurrent: 5 },
  auth: [
    {
      method: 'oauth',
      title: 'Log in with Facebook',
      guide: oauthGuide,
      authorizeUrl: 'https://www.facebook.com/v26.0/dialog/oauth',
      tokenUrl: 'https://graph.facebook.com/v26.0/oauth/access_token',
      // Asks again for what was declined before.
      authorizeParams: { auth_type: 'rerequest' },
      scopesFrom: { field: 'configId', param: 'config_id' },
      scopeSeparator: ',',
      clientAuth: 'body',
      pkce: false,
      exchange: { grantType: 'fb_exchange_token', tokenParam: 'fb_exchange_token', method: 'GET' },
      renewal: { by: 'owner', warnDays: 14 },
      scopes: [
        { name: 'ads_read', reason: 'Read campaigns, what they cost and what they bring.' },
        { name: 'ads_management', reason: 'Pause and resume campaigns, ad sets and ads.', optional: true },
        { name: 'business_management', reason: 'Find the ad accounts and pages your business owns.', optional: true },
        { name: 'leads_retrieval', reason: 'Receive what people write into your lead forms.', optional: true },
        { name: 'pages_show_list', reason: 'Offer your pages to choose from.', optional: true },
        { name: 'pages_read_engagement', reason: 'Read the page an ad belongs to.', optional: true },
        { name: 'pages_manage_metadata', reason: 'Be told of a new lead within seconds.', optional: true },
        { name: 'pages_manage_ads', reason: 'List the lead forms of your pages.', optional: true },
      ],
    },
    {
      method: 'manual',
      title: 'System user token',
      guide: keysGuide,
      fields: keyFields,
      headers: { Authorization: 'Bearer {accessToken}' },
    },
  ],
  config: configForm,
  app: appForm,
  texts: { de },
  // Facebook calls it `leadgen`, which says nothing to an owner.
  sentences: { en: { 'event leadgen': 'New lead' }, de: sentencesDe },
} as const satisfies Manifest;

export type Config = ConfigOf<typeof manifest>;
export type Context = Ctx<Config>;

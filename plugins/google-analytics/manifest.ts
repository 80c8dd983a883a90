import type { ConfigOf, Ctx, Manifest } from 'patchbay';
import { configForm } from './config-form.ts';
import { appForm, keyFields } from './forms.ts';
import { keysGuide, oauthGuide, unproven } from './guide.ts';
import { sentencesDe } from './sentences-de.ts';
import { eventSentencesDe } from './sentences-de-events.ts';
import { de } from './texts-de.ts';

export const manifest = {
  sdk: 1,
  name: 'Google Analytics',
  summary: 'Visits, sources and sales of your website, and purchases sent there by your shop.',
  category: 'Analytics',
  docs: 'https://developers.google.com/analytics/devguides/reporting/data/v1',
  apiVersion: 'v1beta',
  baseUrl: 'https://analyticsadmin.googleapis.com/v1beta',
  hosts: [
    'analyticsdata.googleapis.com',
    'openidconnect.googleapis.com',
    'www.google-analytics.com',
    'region1.google-analytics.com',
  ],
  // Of the ten reports a property answers at once, some are for others.
  rate: { requests: 300, seconds: 60, concurrent: 5 },
  auth: [
    {
      method: 'oauth',
      title: 'Sign in with Google',
      guide: oauthGuide,
      authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
      tokenUrl: 'https://oauth2.googleapis.com/token',
      revokeUrl: 'https://oauth2.googleapis.com/revoke',
      // Without both of them a second consent brings no refresh token.
      authorizeParams: { access_type: 'offline', prompt: 'consent' },
      clientAuth: 'body',
      pkce: true,
      scopes: [
        { name: 'openid', reason: 'Recognise your Google account when you connect again.' },
        {
          name: 'https://www.googleapis.com/auth/userinfo.email',
          reason: 'Show which Google account is connected.',
        },
        {
          name: 'https://www.googleapis.com/auth/analytics.readonly',
          reason: 'Read your reports, properties, data streams and key events.',
        },
        {
          name: 'https://www.googleapis.com/auth/analytics.edit',
          reason: 'Create key events and API secrets and set data retention, when you ask for it here.',
          optional: true,
        },
      ],
    },
    {
      method: 'manual',
      title: 'Send events only',
      guide: keysGuide,
      fields: keyFields,
      headers: {},
      unproven,
    },
  ],
  config: configForm,
  app: appForm,
  texts: { de },
  sentences: { de: { ...sentencesDe, ...eventSentencesDe } },
} as const satisfies Manifest;

export type Config = ConfigOf<typeof manifest>;
export type Context = Ctx<Config>;

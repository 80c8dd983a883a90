import type { ConfigOf, Ctx, Manifest } from 'patchbay';
import { configForm } from './config-form.ts';
import { appForm, keyFields } from './forms.ts';
import { keysGuide, oauthGuide } from './guide.ts';
import { sentencesDe } from './sentences-de.ts';
import { de } from './texts-de.ts';

export const manifest = {
  sdk: 1,
  name: 'Mailchimp',
  summary: 'Your audience, its consent and tags, and how your campaigns did.',
  category: 'Email marketing',
  docs: 'https://mailchimp.com/developer/marketing/api/',
  apiVersion: '3.0',
  baseUrl: 'https://{dc}.api.mailchimp.com/3.0',
  hosts: ['login.mailchimp.com', '*.api.mailchimp.com'],
  // Ten connections at once are the documented limit; calls by time are this plugin's own, so that a 429 rests for seconds.
  rate: { requests: 100, seconds: 10, concurrent: 10 },
  auth: [
    {
      method: 'oauth',
      title: 'Sign in with Mailchimp',
      guide: oauthGuide,
      authorizeUrl: 'https://login.mailchimp.com/oauth2/authorize',
      tokenUrl: 'https://login.mailchimp.com/oauth2/token',
      scopes: [],
      pkce: false,
      clientAuth: 'body',
    },
    { method: 'manual', title: 'API key', guide: keysGuide, fields: keyFields, headers: {} },
  ],
  config: configForm,
  app: appForm,
  texts: { de },
  sentences: { de: sentencesDe },
} as const satisfies Manifest;

export type Config = ConfigOf<typeof manifest>;
export type Context = Ctx<Config>;

import type { ConfigOf, Ctx, Manifest } from 'patchbay';
import { API_VERSION } from './api.ts';
import { configForm, keyFields } from './forms.ts';
import { keysGuide } from './guide.ts';
import { sentencesDe } from './sentences-de.ts';
import { de } from './texts-de.ts';

export const manifest = {
  sdk: 1,
  name: 'Stripe',
  summary: 'Payments, refunds, subscriptions and invoices of your Stripe account, with refunds and cancellations from the store.',
  category: 'Payments',
  docs: 'https://docs.stripe.com/api',
  apiVersion: API_VERSION,
  baseUrl: 'https://api.stripe.com',
  headers: { 'Stripe-Version': API_VERSION },
  // 25 a second in a sandbox and on most single endpoints; two windows that meet in one second must stay below.
  rate: { requests: 12, seconds: 1, concurrent: 10 },
  auth: [
    {
      method: 'manual',
      title: 'API key',
      guide: keysGuide,
      fields: keyFields,
      headers: { Authorization: 'Bearer {secretKey}' },
    },
  ],
  config: configForm,
  texts: { de },
  sentences: { de: sentencesDe },
} as const satisfies Manifest;

export type Config = ConfigOf<typeof manifest>;
export type Context = Ctx<Config>;

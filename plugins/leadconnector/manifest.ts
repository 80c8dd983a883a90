import type { ConfigOf, Ctx, Manifest } from 'patchbay';
import { appForm, configForm, keyFields } from './forms.ts';
import { keysGuide, oauthGuide } from './guide.ts';
import { sentencesDe } from './sentences-de.ts';
import { de } from './texts-de.ts';

export const manifest = {
  sdk: 1,
  name: 'LeadConnector',
  summary: 'Contacts, bookings and sales pipelines, kept in step both ways.',
  category: 'CRM',
  docs: 'https://marketplace.leadconnectorhq.com/docs/',
  apiVersion: '2021-07-28',
  baseUrl: 'https://services.leadconnectorhq.com',
  headers: { Version: '2021-07-28' },
  whiteLabel: { never: ['GoHighLevel', 'Go High Level', 'HighLevel', 'High Level', 'GHL'] },
  rate: { requests: 100, seconds: 10 },
  auth: [
    {
      method: 'oauth',
      title: 'Sign in with LeadConnector',
      guide: oauthGuide,
      authorizeUrl: 'https://marketplace.leadconnectorhq.com/v2/oauth/chooselocation',
      tokenUrl: 'https://services.leadconnectorhq.com/oauth/token',
      // The default opens the sign-in in a second tab and leaves the first one waiting.
      authorizeParams: { loginWindowOpenMode: 'self' },
      tokenParams: { user_type: 'Location' },
      clientAuth: 'body',
      pkce: false,
      scopes: [
        { name: 'contacts.readonly', reason: 'Read your contacts, to show and sync them.' },
        { name: 'contacts.write', reason: 'Create and update contacts and their tags when something happens in your store.' },
        { name: 'calendars.readonly', reason: 'List your calendars and their free times.' },
        { name: 'calendars/events.readonly', reason: 'Read appointments, to show and sync them.' },
        { name: 'calendars/events.write', reason: 'Book, move and cancel appointments, and block times.' },
        { name: 'opportunities.readonly', reason: 'Read your pipelines and opportunities.' },
        { name: 'opportunities.write', reason: 'Create opportunities and change their status.' },
        { name: 'locations.readonly', reason: 'Show the name and time zone of the connected location.' },
        { name: 'locations/customFields.readonly', reason: 'Know the names of your custom fields.' },
        { name: 'locations/tags.readonly', reason: 'Offer your tags to choose from.' },
        { name: 'users.readonly', reason: 'Offer your team members to choose from.' },
        {
          name: 'conversations/message.readonly',
          reason: 'Be told of messages as they are sent and received.',
          optional: true,
        },
      ],
    },
    {
      method: 'manual',
      title: 'Private integration token',
      guide: keysGuide,
      fields: keyFields,
      headers: { Authorization: 'Bearer {token}' },
    },
  ],
  config: configForm,
  app: appForm,
  texts: { de },
  sentences: { de: sentencesDe },
} as const satisfies Manifest;

export type Config = ConfigOf<typeof manifest>;
export type Context = Ctx<Config>;

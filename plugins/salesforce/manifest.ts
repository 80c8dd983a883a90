import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Salesforce',
  summary: 'Customers as contacts or leads and orders as opportunities, in step with your sales team both ways.',
  category: 'CRM',
  docs: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/',
  comingSoon: true,
  texts: {
    de: {
      'Customers as contacts or leads and orders as opportunities, in step with your sales team both ways.':
        'Kunden als Kontakte oder Leads und Bestellungen als Opportunities, in beide Richtungen im Gleichschritt mit Ihrem Vertrieb.',
    },
  },
} as const satisfies ComingSoonManifest;

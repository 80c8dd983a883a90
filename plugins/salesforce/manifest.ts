import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Salesforce',
  summary: 'Customers as contacts or leads and orders as opportunities, in step with your sales team both ways.',
  category: 'CRM',
  docs: 'https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/',
  comingSoon: true,
} as const satisfies ComingSoonManifest;

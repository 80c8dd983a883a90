import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'HubSpot',
  summary: 'Customers as contacts and orders as deals in a pipeline you choose, with changes flowing back.',
  category: 'CRM',
  docs: 'https://developers.hubspot.com/docs',
  comingSoon: true,
} as const satisfies ComingSoonManifest;

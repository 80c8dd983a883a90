import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'HubSpot',
  summary: 'Customers as contacts and orders as deals in a pipeline you choose, with changes flowing back.',
  category: 'CRM',
  docs: 'https://developers.hubspot.com/docs',
  comingSoon: true,
  texts: {
    de: {
      'Customers as contacts and orders as deals in a pipeline you choose, with changes flowing back.':
        'Kunden als Kontakte und Bestellungen als Deals in einer Pipeline Ihrer Wahl, und Änderungen kommen zurück.',
    },
  },
} as const satisfies ComingSoonManifest;

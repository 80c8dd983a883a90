import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Make',
  summary: 'Start scenarios at once when something happens in your store, and let scenarios act on it.',
  category: 'API Tools',
  docs: 'https://developers.make.com/custom-apps-documentation',
  comingSoon: true,
  texts: {
    de: {
      'Start scenarios at once when something happens in your store, and let scenarios act on it.':
        'Szenarien sofort starten, wenn in Ihrem Shop etwas geschieht, und Szenarien in ihm handeln lassen.',
    },
  },
} as const satisfies ComingSoonManifest;

import type { ComingSoonManifest } from 'patchbay';

export const manifest = {
  sdk: 1,
  name: 'Zapier',
  summary: 'Start Zaps when something happens in your store, and let Zaps act on it.',
  category: 'API Tools',
  docs: 'https://docs.zapier.com/platform/build',
  comingSoon: true,
  texts: {
    de: {
      'Start Zaps when something happens in your store, and let Zaps act on it.':
        'Zaps starten, wenn in Ihrem Shop etwas geschieht, und Zaps in ihm handeln lassen.',
    },
  },
} as const satisfies ComingSoonManifest;

import { definePlugin, type Manifest } from 'patchbay';

const card = {
  sdk: 1,
  name: 'Soon',
  summary: 'A card with too much behind it.',
  category: 'CRM',
  docs: 'https://soon.example/docs',
  comingSoon: true,
};

export default definePlugin(card as unknown as Manifest, { identify: async () => ({ externalId: '1', label: 'One' }) });

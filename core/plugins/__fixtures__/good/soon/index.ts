import { definePlugin } from 'patchbay';

export default definePlugin({
  sdk: 1,
  name: 'Soon',
  summary: 'A card and nothing else.',
  category: 'CRM',
  docs: 'https://soon.example/docs',
  comingSoon: true,
});

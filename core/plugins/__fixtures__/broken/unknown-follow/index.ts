import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ externalId: '1', label: 'One' }),
  webhook: { scope: 'app', retryStatus: 503, verify: () => false, events: () => [], follows: ['list' as never] },
});

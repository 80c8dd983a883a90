import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ externalId: '1', label: 'One' }),
  webhook: {
    scope: 'app',
    retryStatus: 503,
    verify: (req) => {
      for (;;) if (req.raw.length > 1e9) return false;
    },
    events: () => [],
  },
});

import { definePlugin } from 'patchbay';
import { gone } from './gone.ts';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ gone, externalId: '1', label: 'One' }),
});

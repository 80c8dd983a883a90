import { definePlugin } from 'patchbay';
import { testPlugin } from 'patchbay/testing';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ testPlugin, externalId: '1', label: 'One' }),
});

import { definePlugin } from 'patchbay';
import { request } from 'undici';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ request, externalId: '1', label: 'One' }),
});

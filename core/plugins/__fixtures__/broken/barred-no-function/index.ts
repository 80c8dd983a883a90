import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ externalId: '1', label: 'One' }),
  actions: { make: { title: 'Make', input: { type: 'object', properties: {} }, barred: 'Not now.' as never, run: async () => ({ data: {} }) } },
});

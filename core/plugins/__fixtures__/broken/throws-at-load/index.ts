import { definePlugin } from 'patchbay';
import { settings } from './settings.ts';
import { manifest } from './manifest.ts';

export default definePlugin({ ...manifest, name: settings.name }, {
  identify: async () => ({ externalId: '1', label: 'One' }),
});

import { definePlugin } from 'patchbay';
import { readConfig } from '../../../../config.ts';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ ...readConfig(), externalId: '1', label: 'One' }),
});

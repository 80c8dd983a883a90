import { definePlugin } from 'patchbay';
import { secrets } from '../imports-core/secrets.ts';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, {
  identify: async () => ({ ...secrets, externalId: '1', label: 'One' }),
});

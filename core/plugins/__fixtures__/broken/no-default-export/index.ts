import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export const plugin = definePlugin(manifest, { identify: async () => ({ externalId: '1', label: 'One' }) });

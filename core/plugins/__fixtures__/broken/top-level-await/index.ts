import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

const label = await Promise.resolve('One');

export default definePlugin(manifest, { identify: async () => ({ externalId: '1', label }) });

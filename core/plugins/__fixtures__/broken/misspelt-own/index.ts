import { labl } from './names.ts';
import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, { identify: async () => ({ externalId: '1', label: labl }) });

import { definePlugin, type Stream } from 'patchbay';
import { manifest } from './manifest.ts';
import { things } from './sync.ts';

const streams = { things: {
  titel: 'Things', mode: 'full', sync: things } } as unknown as Readonly<Record<string, Stream>>;

export default definePlugin(manifest, { identify: async () => ({ externalId: '1', label: 'One' }), streams });

import { definePlugin } from 'patchbay';
import { Randm } from 'patchbay/simulator';
import { manifest } from './manifest.ts';

export default definePlugin(manifest, { seed: Randm });

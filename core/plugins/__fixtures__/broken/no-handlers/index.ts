import { definePlugin } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugin(manifest as never);

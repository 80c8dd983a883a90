import { definePlugn } from 'patchbay';
import { manifest } from './manifest.ts';

export default definePlugn(manifest, {});

import { testComingSoon } from 'patchbay/testing';
import plugin from './index.ts';

testComingSoon(plugin, { folder: import.meta.dirname });

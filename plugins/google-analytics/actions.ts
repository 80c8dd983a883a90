import type { Handlers } from 'patchbay';
import { eventActions } from './actions-events.ts';
import { propertyActions } from './actions-property.ts';
import { shopActions } from './actions-shop.ts';
import type { Config } from './manifest.ts';

export const actions = { ...shopActions, ...eventActions, ...propertyActions } satisfies Handlers<Config>['actions'];

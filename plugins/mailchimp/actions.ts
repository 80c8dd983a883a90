import type { Action } from 'patchbay';
import { automationActions } from './actions-automations.ts';
import { bulkActions } from './actions-bulk.ts';
import { leavingActions } from './actions-leaving.ts';
import { memberActions } from './actions-members.ts';
import type { Config } from './manifest.ts';

export const actions: Readonly<Record<string, Action<Config>>> = {
  ...memberActions,
  ...automationActions,
  ...bulkActions,
  ...leavingActions,
};

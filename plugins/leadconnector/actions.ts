import type { Action } from 'patchbay';
import { bookingActions } from './actions-bookings.ts';
import { contactActions } from './actions-contacts.ts';
import { opportunityActions } from './actions-opportunities.ts';
import type { Config } from './manifest.ts';

export const actions: Readonly<Record<string, Action<Config>>> = {
  ...contactActions,
  ...bookingActions,
  ...opportunityActions,
};

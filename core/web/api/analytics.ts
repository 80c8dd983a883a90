import { InQuery, wholeNumber } from '../http/dto.ts';
import { inStore } from './place.ts';
import { type ApiRoute, at, ok, operator } from './route.ts';
import { listOf, mapOf, named, object, orNull, share, text, whole } from './schema.ts';

class AnalyticsQuery {
  @InQuery(wholeNumber(1, 90), 'Over so many days, today included.')
  readonly days: number = 30;
}

/** As `Analytics` of the integrations room. */
const ANALYTICS = named(
  'Analytics',
  object({
    days: whole,
    adoption: object({ stores: whole, withIntegration: whole, share: orNull(share) }),
    integrations: { ...mapOf(whole), description: 'By status.' },
    setUp: {
      ...object({ begun: whole, connected: whole, finished: whole, share: orNull(share) }),
      description: 'How many of those who begin to connect on the pages come to the end: to the first sync.',
    },
    syncs: object({ ended: whole, succeeded: whole, share: orNull(share) }),
    repair: {
      ...object({ repaired: whole, medianSeconds: orNull(share) }),
      description: 'How long what asked for a person took to be mended.',
    },
    perDay: listOf(object({ day: text, syncs: whole, succeeded: whole, records: { type: 'number' }, events: whole })),
  }),
);

const SHOWN = {
  tag: 'Health',
  query: AnalyticsQuery,
  answers: { 200: { says: 'The figures.', schema: ANALYTICS } },
} as const;

export const analyticsRoutes: readonly ApiRoute[] = [
  at(inStore)({
    ...SHOWN,
    on: 'GET /api/stores/:store/analytics',
    does: 'Read how a store’s integrations fare',
    run: async ({ web, store, query }) => ok(await web.analytics.of(store.id, query.days)),
  }),
  operator({
    ...SHOWN,
    on: 'GET /api/admin/analytics',
    does: 'Read the same of all stores',
    run: async ({ web, query }) => ok(await web.analytics.of(undefined, query.days)),
  }),
];

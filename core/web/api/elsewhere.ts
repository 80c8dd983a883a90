import { type ApiRoute, anyone, ok } from './route.ts';
import { anything, listOf, object, oneOfTexts, text, whole } from './schema.ts';

const READY = object({
  status: oneOfTexts(['ready', 'not ready']),
  checks: object({
    database: oneOfTexts(['ok', 'away']),
    migrations: oneOfTexts(['ok', 'pending', 'unknown']),
    plugins: object({ loaded: whole, failed: listOf(text) }),
  }),
});

const HEALTH = 'Is it up?';
const WEBHOOKS = 'Webhooks';
const TAKEN = {
  tag: WEBHOOKS,
  more: 'For providers, who prove themselves by their signature. What is accepted is on disk.',
  problems: ['WEBHOOK_SIGNATURE_INVALID', 'NOT_FOUND'],
  answers: { 200: { says: 'Taken; the body is what the provider expects.', schema: anything } },
  run: () => ok(undefined),
} as const;

/** What answers elsewhere: before Express, or while the database is away. Described with the rest, mounted where it is. */
export const elsewhere: readonly ApiRoute[] = [
  anyone({
    on: 'GET /healthz',
    tag: HEALTH,
    does: 'Is it alive?',
    answers: { 200: { says: 'It is.', schema: object({ status: { ...text, const: 'ok' } }) } },
    run: TAKEN.run,
  }),
  anyone({
    on: 'GET /readyz',
    tag: HEALTH,
    does: 'Can it work?',
    answers: {
      200: { says: 'It can: database, migrations, plugins.', schema: READY },
      503: { says: 'Not now.', schema: READY },
    },
    run: TAKEN.run,
  }),
  anyone({
    on: 'GET /metrics',
    tag: HEALTH,
    does: 'Read its figures',
    more: 'For Prometheus, with `METRICS_TOKEN` as bearer.',
    problems: ['NOT_FOUND'],
    answers: { 200: { says: 'Text.', schema: text, type: 'text/plain' } },
    run: TAKEN.run,
  }),
  ...(['GET', 'POST'] as const).flatMap((method) => [
    anyone({ ...TAKEN, on: `${method} /webhooks/:plugin`, does: 'Take a webhook' }),
    anyone({ ...TAKEN, on: `${method} /webhooks/:plugin/:eventType`, does: 'Take a webhook of one type' }),
    anyone({ ...TAKEN, on: `${method} /webhooks/:plugin/c/:key`, does: 'Take a webhook of one integration' }),
    anyone({ ...TAKEN, on: `${method} /api/integrations/:plugin/webhook`, does: 'Take a webhook, by another name' }),
  ]),
];

import { bool, listOf, mapOf, moment, named, object, oneOfTexts, orNull, share, text, whole } from './schema.ts';
import { STATUS } from './schemas.ts';

const optionalText = orNull(text);
const optionalMoment = orNull(moment);
const STATE = oneOfTexts(['good', 'degraded', 'attention', 'off']);

/** As `Status` of the integrations room. */
export const SUMMARY = named(
  'Status',
  object({
    status: oneOfTexts(STATUS),
    enabled: bool,
    state: STATE,
    reasonCode: optionalText,
    reason: optionalText,
    nextStep: optionalText,
    account: optionalText,
    syncing: bool,
    counts: mapOf(whole),
    lastTestedAt: optionalMoment,
    lastSyncedAt: optionalMoment,
    lastEventAt: optionalMoment,
  }),
);

const RENEWAL = object({
  state: oneOfTexts(['idle', 'renewing', 'waiting', 'interrupted', 'refused']),
  by: optionalText,
  since: optionalMoment,
  attempts: whole,
  lastOutcome: orNull(oneOfTexts(['renewed', 'failed', 'interrupted', 'refused'])),
  lastOutcomeAt: optionalMoment,
  message: optionalText,
  nextTryAt: optionalMoment,
});

const TOKEN = object({
  state: oneOfTexts(['good', 'ending', 'ended']),
  expiresAt: optionalMoment,
  refreshedAt: optionalMoment,
  renewable: bool,
  failures: whole,
  renewal: orNull(RENEWAL),
});

const WEBHOOKS = object({ url: text, lastEventAt: optionalMoment, silent: bool, pending: whole, parked: whole, dead: whole });

const LAST_FAILURE = object(
  { stream: text, at: optionalMoment, code: optionalText, message: optionalText, everywhere: bool, streams: whole },
  ['everywhere', 'streams'],
);

const FIX = object({ by: oneOfTexts(['reconnect', 'settings', 'test', 'sync']), field: optionalText });
const TODO = object({ text, step: text, field: optionalText });

const SYNCS = object({
  running: whole,
  succeeded: whole,
  partial: whole,
  failed: whole,
  lastSyncedAt: optionalMoment,
  successShare: orNull(share),
  lastFailure: orNull(LAST_FAILURE),
});

/** As `Health` of the integrations room. */
export const HEALTH = named(
  'Health',
  object(
    {
      state: STATE,
      fix: orNull(FIX),
      todo: { ...listOf(TODO), description: 'What is still to be chosen.' },
      reason: { ...optionalText, description: 'What is wrong; null when nothing is.' },
      nextStep: { ...optionalText, description: 'What to do about it.' },
      connection: object({ status: oneOfTexts(STATUS), lastTestedAt: optionalMoment, message: optionalText }),
      token: orNull(TOKEN),
      webhooks: orNull(WEBHOOKS),
      budget: { ...orNull(object({ requests: whole, seconds: whole })), description: 'What the provider allows.' },
      syncs: SYNCS,
    },
    ['fix', 'todo'],
  ),
);

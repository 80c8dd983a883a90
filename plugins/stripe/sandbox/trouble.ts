import { cutJson, type Failure, garbage, hangUp, Trouble, without } from 'patchbay/simulator';
import { type ErrorDetail, Refusal } from './answers.ts';

const LOCKED =
  'This object cannot be accessed right now because another API request or Stripe process is currently accessing it.';
const RETRY = { 'stripe-should-retry': 'true' };

const refused =
  (status: number, message: string, detail: ErrorDetail): Failure =>
  () =>
    new Refusal(status, message, detail).response;

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  const tooMany = { code: 'rate_limit', headers: { 'stripe-rate-limited-reason': 'global-rate' } };
  return new Trouble({
    '429': refused(429, 'Request rate limit exceeded.', tooMany),
    lock: refused(429, LOCKED, { code: 'lock_timeout' }),
    '409': refused(409, 'Another request is being worked on.', { headers: RETRY }),
    '500': refused(500, 'An unknown error occurred', { type: 'api_error', headers: RETRY }),
    '500 never again': refused(500, 'An unknown error occurred', {
      type: 'api_error',
      headers: { 'stripe-should-retry': 'false' },
    }),
    'cut JSON': cutJson,
    garbage,
    'hang up': hangUp,
    'same page': without('starting_after', 'ending_before'),
  });
}

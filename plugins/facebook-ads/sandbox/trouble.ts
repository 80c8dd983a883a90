import { hangUp, Trouble } from 'patchbay/simulator';
import { Refusal } from './answers.ts';

const TOO_MANY = { code: 17, subcode: 2446079, message: '(#17) User request limit reached', transient: true } as const;
const TRANSIENT = {
  code: 2,
  message: 'An unexpected error has occurred. Please retry your request later.',
  transient: true,
  status: 500,
} as const;

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  return new Trouble({
    'too many calls': () => new Refusal(TOO_MANY).response,
    transient: () => new Refusal(TRANSIENT).response,
    '500': () => ({ status: 500, body: 'Sorry, something went wrong.' }),
    garbage: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '{"data":[{"id":"12' }),
    'hang up': hangUp,
  });
}

import { garbage, hangUp, Trouble } from 'patchbay/simulator';
import { Refusal } from './answers.ts';

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  return new Trouble({
    '429': () => new Refusal(429, 'Too many requests').response,
    '500': () => new Refusal(500, 'Something went wrong, please try again').response,
    garbage,
    'hang up': hangUp,
  });
}

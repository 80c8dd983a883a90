import { garbage, hangUp, Trouble } from 'patchbay/simulator';
import { Refusal } from './answers.ts';
import { USED_UP } from './gate.ts';

const limited = (headers: Readonly<Record<string, string>>) => () => ({
  ...new Refusal(429, 'Too many requests').response,
  headers,
});

/** Failures a person may switch on at the panel. */
export function newTrouble() {
  return new Trouble({
    '429': limited(USED_UP.interval),
    '429 of the day': limited(USED_UP.day),
    'missing scope': () => new Refusal(401, 'The token is not authorized for this scope.').response,
    'agency token': () => new Refusal(401, "Token's user type mismatch!").response,
    'suspended location': () => new Refusal(400, 'Location is not active').response,
    '500': () => new Refusal(500, 'Something went wrong, please try again').response,
    garbage,
    'hang up': hangUp,
  });
}

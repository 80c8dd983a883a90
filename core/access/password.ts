import { hash, type Options, verify } from '@node-rs/argon2';
import { Rejected } from '../sdk/errors.ts';

const MIN_LENGTH = 10;
/** Longer input would only buy work for the server. */
const MAX_LENGTH = 1000;

/** OWASP's first choice for argon2id, as of 2026. Raised here, every password follows at its next login. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const satisfies Options;

/** argon2id in the PHC string format. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, PARAMETERS);
}

/** Was it hashed with less than what is asked for now? */
export function isOutdated(stored: string): boolean {
  const [, memory, time, lanes] = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$/.exec(stored) ?? [];
  const { memoryCost, timeCost, parallelism } = PARAMETERS;
  return Number(memory ?? 0) < memoryCost || Number(time ?? 0) < timeCost || Number(lanes ?? 0) < parallelism;
}

let decoy: Promise<string> | undefined;

/** Takes as long for an unknown user (`stored` undefined) as for a wrong password, so that time tells nothing. */
export async function passwordMatches(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hashPassword('nobody has this password');
  const matches = await verify(stored ?? (await decoy), password.slice(0, MAX_LENGTH + 1));
  return stored !== undefined && password.length <= MAX_LENGTH && matches;
}

/** @throws Rejected with `/password` when the password is too short, too long, or the address itself */
export function checkPassword(password: string, email = ''): void {
  const message =
    password.length < MIN_LENGTH
      ? `Choose a password of at least ${MIN_LENGTH} characters.`
      : password.length > MAX_LENGTH
        ? `Choose a password of at most ${MAX_LENGTH} characters.`
        : password.trim().toLowerCase() === email.toLowerCase()
          ? 'Choose a password that is not the email address.'
          : undefined;
  if (message) throw new Rejected(message, { fields: [{ pointer: '/password', message }] });
}

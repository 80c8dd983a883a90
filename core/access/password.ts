import { createHash } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { Rejected } from '../sdk/errors.ts';

const MIN_LENGTH = 10;
/** Longer input would only buy work for the server. */
const MAX_LENGTH = 1000;

/** argon2id in the PHC string format, with the library's defaults (19 MiB, two passes). */
export function hashPassword(password: string): Promise<string> {
  return hash(password);
}

let decoy: Promise<string> | undefined;

/** Takes as long for an unknown user (`stored` undefined) as for a wrong password, so that time tells nothing. */
export async function passwordMatches(stored: string | undefined, password: string): Promise<boolean> {
  decoy ??= hash('nobody has this password');
  const matches = await verify(stored ?? (await decoy), password.slice(0, MAX_LENGTH + 1));
  return stored !== undefined && password.length <= MAX_LENGTH && matches;
}

/** @throws Rejected with `/password` when the password is too short or too long */
export function checkPassword(password: string): void {
  const message =
    password.length < MIN_LENGTH
      ? `Choose a password of at least ${MIN_LENGTH} characters.`
      : password.length > MAX_LENGTH
        ? `Choose a password of at most ${MAX_LENGTH} characters.`
        : undefined;
  if (message) throw new Rejected(message, { fields: [{ pointer: '/password', message }] });
}

/** Changes with the password; sessions carry it, so that a new password ends them. */
export function passwordStamp(stored: string): string {
  return createHash('sha256').update(stored).digest('base64url').slice(0, 16);
}

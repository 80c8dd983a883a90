import { createHash } from 'node:crypto';
import { type FieldFault, Rejected } from 'patchbay';
import type { Config } from './manifest.ts';

/** Who somebody is, as the fields of a form give it. */
export interface PersonInput {
  readonly email?: string;
  readonly phone?: string;
  readonly firstName?: string;
  readonly lastName?: string;
  readonly street?: string;
  readonly city?: string;
  readonly region?: string;
  readonly postalCode?: string;
  readonly country?: string;
}

const NAMES = ['email', 'phone', 'firstName', 'lastName', 'street', 'city', 'region', 'postalCode', 'country'] as const;

/**
 * `user_data` in fingerprints, made as https://developers.google.com/analytics/devguides/collection/ga4/uid-data says;
 * `undefined` where nothing was given.
 * @throws Rejected where the settings do not allow it
 */
export function userData(
  input: PersonInput,
  given: { config: Config; userId: string | undefined },
): { data: Readonly<Record<string, unknown>> | undefined; faults: FieldFault[] } {
  const [first] = NAMES.filter((name) => input[name]);
  if (!first) return { data: undefined, faults: [] };
  if (given.config.sendUserData !== true) {
    const message = 'User data is not sent over this connection. Switch on "Send hashed user data" in its settings first.';
    throw new Rejected(message, { code: 'FORBIDDEN', fields: [{ pointer: `/${first}`, message }] });
  }
  const email = input.email ? emailOf(input.email) : undefined;
  const phone = input.phone ? phoneOf(input.phone) : undefined;
  const problems: (readonly [string, string | undefined])[] = [
    ['userId', given.userId ? undefined : 'Google takes user data together with a user ID only.'],
    ['email', input.email && !email ? 'This is no e-mail address.' : undefined],
    ['phone', input.phone && !phone ? 'Write the phone number with its country code: +15551234567.' : undefined],
  ];
  const address = addressOf(input);
  return {
    data: {
      ...(email && { sha256_email_address: [fingerprint(email)] }),
      ...(phone && { sha256_phone_number: [fingerprint(phone)] }),
      ...(address && { address: [address] }),
    },
    faults: problems.flatMap(([name, message]) => (message ? [{ pointer: `/${name}`, message }] : [])),
  };
}

/** Gmail delivers with and without dots, and drops what follows a plus. */
function emailOf(given: string): string | undefined {
  const [name = '', host = '', ...more] = given.trim().toLowerCase().split('@');
  if (!name || !/^[^\s]+\.[^\s]+$/.test(host) || more.length > 0) return undefined;
  const gmail = host === 'gmail.com' || host === 'googlemail.com';
  return `${gmail ? name.replace(/\+.*$/, '').replaceAll('.', '') : name}@${host}`;
}

function phoneOf(given: string): string | undefined {
  const digits = given.replace(/[\s().-]/g, '');
  return /^\+[1-9]\d{6,14}$/.test(digits) ? digits : undefined;
}

function addressOf({ firstName, lastName, street, city, region, postalCode, country }: PersonInput): object | undefined {
  const hashed = { sha256_first_name: firstName, sha256_last_name: lastName, sha256_street: street };
  const plain = { city, region, postal_code: postalCode, country };
  const entries = [
    ...Object.entries(hashed).flatMap(([name, value]) => (value ? [[name, fingerprint(value.trim().toLowerCase())]] : [])),
    ...Object.entries(plain).flatMap(([name, value]) => (value ? [[name, value.trim()]] : [])),
  ];
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

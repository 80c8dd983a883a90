import type { HttpFor } from '../egress/client.ts';
import { splitSecrets } from '../plugins/form-check.ts';
import { type Keys, Rejected } from '../sdk/index.ts';

/** A credential as it arrived, before it is kept. */
export interface NewCredential {
  readonly method: 'oauth' | 'manual';
  /** What will be sealed: the tokens, or every field of the form. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What goes into each request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly grantedScopes: readonly string[];
  readonly expiresAt: Date | undefined;
}

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

/**
 * The manifest's header templates filled in from the fields.
 * @throws Rejected naming the field that cannot be part of a header
 */
export function manualHeaders(auth: Keys, fields: Readonly<Record<string, unknown>>): Record<string, string> {
  const fill = (template: string) => template.replaceAll(/\{(\w+)\}/g, (_, name: string) => headerText(auth, name, fields[name]));
  return Object.fromEntries(Object.entries(auth.headers).map(([name, template]) => [name, fill(template)]));
}

/** The fields that are not secret: what `identify` may see. */
export function openFields(auth: Keys, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.entries(fields).filter(([name]) => name in auth.fields.properties);
  return splitSecrets(auth.fields, Object.fromEntries(known)).plain;
}

/** Always the same headers: nobody can renew what a person has typed. */
export function unchanging(headers: Readonly<Record<string, string>>): NonNullable<HttpFor['authorize']> {
  return async () => ({ ...headers });
}

function headerText(auth: Keys, name: string, value: unknown): string {
  const text = value === undefined ? '' : String(value);
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  const title = auth.fields.properties[name]?.title ?? name;
  const message = `${title} holds characters that no key has (a line break, an accent); copy it again.`;
  throw new Rejected(message, { fields: [{ pointer: `/fields/${name}`, message }] });
}

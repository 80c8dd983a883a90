import type { Secrets } from '../egress/client.ts';
import { splitSecrets } from '../plugins/form-check.ts';
import type { Keys } from '../sdk/index.ts';

/** A credential as it arrived, before it is kept. */
export interface NewCredential {
  readonly method: 'oauth' | 'manual';
  /** What will be sealed: the tokens, or every field of the form. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly grantedScopes: readonly string[];
  readonly expiresAt: Date | undefined;
}

/** What its calls are authorized by: always the same, since nobody can renew what is not kept yet. */
export function shownSecrets({ method, secrets }: Pick<NewCredential, 'method' | 'secrets'>): Secrets {
  return method === 'manual' ? secrets : { accessToken: secrets['accessToken'] ?? '' };
}

/** The fields that are not secret: what `identify` may see. */
export function openFields(auth: Keys, fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const known = Object.entries(fields).filter(([name]) => name in auth.fields.properties);
  return splitSecrets(auth.fields, Object.fromEntries(known)).plain;
}

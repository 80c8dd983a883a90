import type { Secrets } from '../egress/client.ts';
import { splitSecrets } from '../plugins/form-check.ts';
import type { Form, Keys } from '../sdk/index.ts';

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

/** With what is left empty and stands at the end of another field. */
export function withEnds({ properties }: Form, fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) return fields;
  const given: Readonly<Record<string, unknown>> = { ...fields };
  const ends = Object.entries(properties).flatMap(([name, field]) => {
    const source = field.type === 'string' && field['x-end-of'] ? given[field['x-end-of']] : undefined;
    if (field.type !== 'string' || typeof source !== 'string' || (given[name] ?? '') !== '') return [];
    const end = source.split('-').slice(1).at(-1);
    return end && new RegExp(field.pattern ?? '', 'u').test(end) ? [[name, end] as const] : [];
  });
  return { ...given, ...Object.fromEntries(ends) };
}

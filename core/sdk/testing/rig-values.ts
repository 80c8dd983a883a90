import type { Field, Grant, Manifest, Sandbox } from '../index.ts';
import { manualWay } from './authorizing.ts';

export function isSecret(field: Field | undefined): boolean {
  return field?.type === 'string' && field['x-secret'] === true;
}

/** The manual fields that reach `identify` in `grant`. */
export function plainFields(manifest: Manifest, credentials: Readonly<Record<string, string>>): Grant {
  const fields = manualWay(manifest)?.fields.properties ?? {};
  return Object.fromEntries(Object.entries(credentials).filter(([name]) => !isSecret(fields[name])));
}

export function defaultsOf({ config }: Manifest): Record<string, unknown> {
  const given = Object.entries(config.properties).filter(([, field]) => field.default !== undefined);
  return Object.fromEntries(given.map(([name, field]) => [name, structuredClone(field.default)]));
}

/** The operator's app as it is while the sandbox is on. */
export function appOf({ app }: Manifest, sandbox: Sandbox): Record<string, string> {
  const given = Object.entries(app?.properties ?? {}).filter(([, field]) => field.default !== undefined);
  return { ...Object.fromEntries(given.map(([name, field]) => [name, String(field.default)])), ...sandbox.app };
}

/** The secret settings among `values`. */
export function secretsOf({ config }: Manifest, values: Readonly<Record<string, unknown>>): Record<string, string> {
  const secret = Object.entries(values).filter(([name]) => isSecret(config.properties[name]));
  return Object.fromEntries(secret.map(([name, value]) => [name, String(value)]));
}

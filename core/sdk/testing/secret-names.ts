import type { Field } from '../index.ts';

const SOUNDS_SECRET = /(secret|password|passphrase|passcode|token|key|credential)$/i;
const SOUNDS_PUBLIC = /public|publishable|(rsa|verification|measurement|site|partition|sort)[ -]?key/i;

/** Is the field named like a secret without being marked as one? Choices and keys meant to be public are not. */
export function isBareSecret(name: string, field: Field): boolean {
  if (field.type !== 'string' || field['x-secret'] || field.enum || field.format === 'date') return false;
  return SOUNDS_SECRET.test(name) && !SOUNDS_PUBLIC.test(`${name} ${field.title}`);
}

/** A setting is missing or wrong; the message names it and says what to set. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** The environment, or what a test puts in its place. */
export type Env = Readonly<Record<string, string | undefined>>;

export function text(env: Env, name: string): string | undefined {
  const value = env[name]?.trim();
  return value ? value : undefined;
}

export function list(env: Env, name: string): string[] {
  return (text(env, name) ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

export function flag(env: Env, name: string, fallback: boolean): boolean {
  const value = text(env, name);
  if (value === undefined) return fallback;
  if (['1', 'true', 'yes', 'on'].includes(value.toLowerCase())) return true;
  if (['0', 'false', 'no', 'off'].includes(value.toLowerCase())) return false;
  throw new ConfigError(`${name} is "${value}"; set it to 1 or 0.`);
}

export function wholeNumber(
  env: Env,
  name: string,
  { fallback, min, max }: { fallback: number; min: number; max: number },
): number {
  const value = text(env, name);
  if (value === undefined) return fallback;
  const parsed = Number(value);
  if (Number.isInteger(parsed) && parsed >= min && parsed <= max) return parsed;
  throw new ConfigError(`${name} is "${value}"; set it to a whole number from ${min} to ${max}.`);
}

export function oneOf(env: Env, name: string, { allowed, fallback }: { allowed: readonly string[]; fallback: string }): string {
  const value = text(env, name) ?? fallback;
  if (allowed.includes(value)) return value;
  throw new ConfigError(`${name} is "${value}"; set it to one of ${allowed.join(', ')}.`);
}

export function parseUrl(name: string, value: string, protocols: readonly string[]): URL {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url && protocols.includes(url.protocol)) return url;
  throw new ConfigError(`${name} is not a URL that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}.`);
}

export function parseObject(name: string, value: string): object {
  try {
    const parsed: unknown = JSON.parse(value);
    if (parsed && typeof parsed === 'object' && !Array.isArray(parsed)) return parsed;
  } catch {
    // Falls through to the sentence below: the parser's own message would show the value.
  }
  throw new ConfigError(`${name} is not a JSON object such as {"api.example.com":"http://127.0.0.1:4010"}.`);
}

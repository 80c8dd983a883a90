/** Whatever object the provider sent; what matters is checked where it is used. */
export type Raw = Readonly<Record<string, unknown>>;

/** An object, neither null nor a list. */
export function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object itself, or an empty one for anything else. */
export function rawOf(value: unknown): Raw {
  return isRaw(value) ? value : {};
}

/** The object a JSON text is of, as it came over the wire; undefined for anything else. */
export function jsonObject(raw: Uint8Array | string): Raw | undefined {
  try {
    const parsed: unknown = JSON.parse(typeof raw === 'string' ? raw : Buffer.from(raw).toString('utf8'));
    return isRaw(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

/** The objects of a list that may be missing or hold junk. */
export function rows(value: unknown): Raw[] {
  return Array.isArray(value) ? value.filter(isRaw) : [];
}

/** A text that says something. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A finite number; a text of digits is none. */
export function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** `2026-01-31T10:00:00.000Z` of any ISO 8601 moment, also one with an offset like `+0000`; undefined for what is none. */
export function isoTime(value: unknown): string | undefined {
  const time = Date.parse((text(value) ?? '').replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}

/** Those that say something: without what is undefined, null or an empty text. */
export function filled<T extends object>(fields: { readonly [K in keyof T]: T[K] | null | undefined }): T {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  ) as T;
}

/** Those of `names` that are there and not null. */
export function picked(raw: Raw, names: readonly string[]): Raw {
  return Object.fromEntries(names.flatMap((name) => (raw[name] === undefined || raw[name] === null ? [] : [[name, raw[name]]])));
}

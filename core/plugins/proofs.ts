/**
 * What proves that a row was written by this hub, under a key that is not in the database: whoever can write the table
 * could otherwise have put it there.
 */
export interface Proofs {
  prove(parts: readonly (string | null)[]): string;
  isProven(parts: readonly (string | null)[], proof: string | null): boolean;
  /** Was it made under the key that seals now? */
  isCurrent(proof: string | null): boolean;
}

/** JSON to be proven: the database keeps no order of an object's members. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

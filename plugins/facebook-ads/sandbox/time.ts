export const DAY = 86_400_000;

/** `2026-01-31T10:00:00+0000`, as the provider writes times. */
export function graphTime(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}+0000`;
}

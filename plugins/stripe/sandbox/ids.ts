import type { Random } from 'patchbay/simulator';

/** How long the provider's ids are, by what stands before them. */
const TAIL: Readonly<Record<string, number>> = { cus: 14, prod: 14, si: 14, ch: 24, pi: 24 };

/** `cus_` and fourteen letters and digits, and the like. */
export function idFrom(random: Random, prefix: string): string {
  return `${prefix}_${random.letters(TAIL[prefix] ?? 24)}`;
}

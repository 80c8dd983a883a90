interface Row {
  readonly id: string;
  readonly at: Date;
}

/** A row, or failures that say the same, told by the latest of them. */
export type Grouped<T extends Row> = T & {
  /** Each of them, latest first; none where it happened once. */
  readonly repeats: readonly T[];
  /** Of the earliest of them. */
  readonly first: Date;
  /** Of the earliest, so that what is open stays so while others come. */
  readonly place: string;
};

/**
 * A row each, but one for all equal failures with nothing but failures between them.
 * @param failureOf what a failure says; undefined for what did not fail
 */
export function grouped<T extends Row>(rows: readonly T[], failureOf: (row: T) => string | undefined): Grouped<T>[] {
  const groups: T[][] = [];
  let failing = new Map<string, T[]>();
  for (const row of rows) {
    const says = failureOf(row);
    if (says === undefined) failing = new Map();
    const equal = says === undefined ? undefined : failing.get(says);
    if (equal) {
      equal.push(row);
      continue;
    }
    const begun = [row];
    groups.push(begun);
    if (says !== undefined) failing.set(says, begun);
  }
  return groups.flatMap(together);
}

function together<T extends Row>(equal: readonly T[]): Grouped<T>[] {
  const [latest, earliest] = [equal[0], equal.at(-1)];
  if (!latest || !earliest) return [];
  return [{ ...latest, repeats: equal.length > 1 ? equal : [], first: earliest.at, place: earliest.id }];
}

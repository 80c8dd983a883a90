import type { Item } from '../sdk/stream.ts';

/**
 * When what is brought was read at the provider. Moments are the database's, as it writes them: `clock_timestamp()::text`. So
 * the clocks of hosts do not matter.
 */
export interface Reading {
  /** When reading began: of all of them, or of each. */
  readonly began: string | ((item: Item) => string);
  /** When it had ended, of what may have changed them there: whoever began to read before that may not have seen it. */
  readonly ended?: string;
}

/** A {@link Reading} of one page; `each`: by id, where they differ. */
export interface Moments {
  readonly began: string | undefined;
  readonly each: ReadonlyMap<string, string> | undefined;
  readonly ended: string | undefined;
}

/** Of the same id the last one counts. */
export function momentsOf(items: readonly Item[], { began, ended }: Reading): Moments {
  if (typeof began === 'string') return { began, each: undefined, ended };
  return { began: undefined, each: new Map(items.map((item) => [item.id, began(item)])), ended };
}

import { concealed, type Mask, masking } from './conceal.ts';

/** Of each plugin: what strays from its code, strays soon. */
const MOST = 300;

const lately = new Map<string, Set<string>>();

/** These were opened for a plugin, or went out with its calls. */
export function showed(plugin: string, secrets: Iterable<string>): void {
  const known = lately.get(plugin) ?? new Set();
  lately.set(plugin, known);
  for (const secret of secrets) {
    known.delete(secret);
    known.add(secret);
  }
  while (known.size > MOST) known.delete(known.values().next().value as string);
}

/** An error that no call brought back, without what the plugin was shown lately; of a plugin nobody can name, without what any was. */
export function withoutShown(error: unknown, plugin?: string): unknown {
  return concealed(error, maskOf(plugin));
}

function maskOf(plugin: string | undefined): Mask {
  const sets = plugin === undefined ? [...lately.values()] : [lately.get(plugin) ?? []];
  return masking(sets.flatMap((secrets) => [...secrets]));
}

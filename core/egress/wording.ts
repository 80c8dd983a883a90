import { redact } from './redact.ts';

const LONGEST = 200;
/** In the order in which providers are precise: the sentence first, the code word last. */
const KEYS = ['message', 'msg', 'error_description', 'error_message', 'detail', 'details', 'errors', 'error', 'reason', 'title'];

/** What the provider says went wrong, in one line of at most 200 characters without secrets; empty where it says nothing. */
export function providerMessage(data: unknown, secrets: Iterable<string>): string {
  const said = typeof data === 'string' ? plainText(data) : [...new Set(collect(data, 0))].join('; ');
  return cut(
    redact(said, secrets)
      .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
      .trim(),
  );
}

/** Provider's words as they may be shown: where a white label forbids a name, the plugin's stands in its place. */
export function unbranded(text: string, name: string, never: readonly string[] = []): string {
  return [...never]
    .sort((one, other) => other.length - one.length)
    .map((word) => word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .reduce((said, word) => said.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'giu'), () => name), text);
}

export function cut(text: string): string {
  const characters = [...text];
  return characters.length <= LONGEST ? text : `${characters.slice(0, LONGEST - 1).join('')}…`;
}

function plainText(text: string): string {
  return /^\s*</.test(text) ? '' : text.slice(0, 2_000);
}

function collect(data: unknown, depth: number): string[] {
  if (typeof data === 'string') return data.trim() ? [data.slice(0, 2_000)] : [];
  if (depth > 4 || typeof data !== 'object' || data === null) return [];
  if (Array.isArray(data)) return data.slice(0, 5).flatMap((entry) => collect(entry, depth + 1));
  const fields = data as Readonly<Record<string, unknown>>;
  const named = KEYS.filter((key) => key in fields).flatMap((key) => collect(fields[key], depth + 1));
  // `{"errors": {"email": ["is taken"]}}`: below the top the names are fields, so every sentence counts.
  if (named.length > 0 || depth === 0) return named;
  return Object.entries(fields)
    .slice(0, 5)
    .flatMap(([name, value]) => collect(value, depth + 1).map((said) => `${name}: ${said}`));
}

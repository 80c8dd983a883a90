import type { Plugin } from '../sdk/index.ts';
import { type Path, written } from './locate.ts';
import type { Fault } from './manifest-check.ts';

/** Words the white label forbids, wherever the hub itself would show them: card, forms, guides, titles, addresses, icon. */
export function brandFaults({ manifest, handlers }: Plugin, icon: string | undefined): Fault[] {
  const words = forbidden(manifest);
  if (words.length === 0) return [];
  const { whiteLabel: _, ...shown } = manifest as { readonly whiteLabel?: unknown };
  const inHandlers = { streams: handlers?.streams, actions: handlers?.actions };
  return [
    ...texts(shown, []).flatMap((one) => fault(one, words)),
    ...texts(inHandlers, []).flatMap((one) => fault(one, words).map((found) => ({ ...found, file: 'index' }))),
    ...foundIn(icon ?? '', words).map((word) => ({ file: 'icon.svg', message: `holds "${word}"; ${ADVICE}` })),
  ];
}

const ADVICE = "the manifest's `whiteLabel.never` forbids it; use the name stores know";

/** The manifest's own list, in the order it gives them. */
export function forbidden(manifest: unknown): readonly string[] {
  const { whiteLabel } = manifest as { readonly whiteLabel?: { readonly never?: readonly string[] } };
  return whiteLabel?.never ?? [];
}

/** Which of the words stand in the text, as words of their own and in any case. */
export function foundIn(text: string, words: readonly string[]): string[] {
  return words.filter((word) => {
    const plain = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`(?<![\\p{L}\\p{N}])${plain}(?![\\p{L}\\p{N}])`, 'iu').test(text);
  });
}

interface Placed {
  readonly path: Path;
  readonly text: string;
}

function texts(value: unknown, path: Path): Placed[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => texts(one, [...path, Array.isArray(value) ? Number(key) : key]));
}

function fault({ path, text }: Placed, words: readonly string[]): Fault[] {
  return foundIn(text, words).map((word) => ({ path, message: `${written(path)} says "${word}"; ${ADVICE}` }));
}

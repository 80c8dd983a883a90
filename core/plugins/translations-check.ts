import type { Manifest } from '../sdk/index.ts';
import { written } from './locate.ts';
import type { Fault } from './manifest-check.ts';

interface Shown {
  readonly manifest: Manifest;
  readonly handlers?: { readonly streams?: unknown; readonly actions?: unknown };
}

/** Translations of texts the plugin does not have: the text was changed, and nobody would notice that it is English again. */
export function translationFaults({ manifest, handlers }: Shown): Fault[] {
  const { texts = {}, ...shown } = manifest;
  const own = new Set(textsIn([shown, handlers?.streams, handlers?.actions]));
  return Object.entries(texts).flatMap(([locale, known]) =>
    Object.keys(known)
      .filter((text) => !own.has(text))
      .map((text): Fault => {
        const path = ['texts', locale];
        return {
          path,
          message: `${written(path)} translates "${text.slice(0, 60)}", which the plugin does not say; take it over as it stands`,
        };
      }),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

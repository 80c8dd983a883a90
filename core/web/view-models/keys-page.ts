import type { ApiKeyView } from '../../access/api-keys.ts';
import { SCOPES } from '../../access/principal.ts';
import { t } from '../words/texts.ts';

export interface KeysPage {
  readonly store: string;
  /** Made just now: to be copied this once. */
  readonly made: { readonly name: string; readonly key: string } | undefined;
  readonly name: string;
  readonly error: string | undefined;
  readonly scopes: readonly { readonly value: string; readonly text: string }[];
  readonly keys: readonly KeyView[];
}

export interface KeyView extends ApiKeyView {
  /** The widest one, which includes the others. */
  readonly scopeName: string;
}

export function keyView<K extends ApiKeyView>(key: K): K & KeyView {
  const widest = SCOPES.findLast((scope) => key.scopes.includes(scope)) ?? 'read';
  return { ...key, scopeName: t(`apiKeys.short.${widest}`) };
}

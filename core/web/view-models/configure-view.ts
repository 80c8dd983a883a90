import type { FieldView } from './form-view.ts';
import type { PluginHead } from './plugin-view.ts';

export interface ConfigurePage {
  readonly plugin: PluginHead;
  readonly integration: {
    readonly id: string;
    readonly name: string;
    readonly href: string;
    readonly account: string | undefined;
  };
  readonly fields: readonly FieldView[];
  /** The name the store gave it; typed values come back here after a mistake. */
  readonly name: string;
  readonly nameError: string | undefined;
  readonly error: string | undefined;
}

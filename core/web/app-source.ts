import { variableOf } from '../plugins/app-fields.ts';
import type { Field } from '../sdk/index.ts';
import type { Web } from './services.ts';

/** Which of the places an app field may be set in is in force. */
export type AppSource = 'environment' | 'page' | 'sandbox' | 'default' | 'none';

export function appSource(web: Web, plugin: string, { name, field }: { name: string; field: Field }): AppSource {
  if (web.config.pluginEnv[variableOf(plugin, name)]?.trim()) return 'environment';
  if (web.apps.of(plugin)[name]) return 'page';
  if (web.sandbox.appFields(plugin)[name]) return 'sandbox';
  return field.default === undefined || field.default === '' ? 'none' : 'default';
}

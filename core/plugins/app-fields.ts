import type { Config } from '../config.ts';
import type { Form } from '../sdk/index.ts';
import type { LoadedPlugin } from './loaded-plugin.ts';

/** Where the operator's values come from; the sandbox answers `{}` while it is off. */
export interface AppFieldSources {
  readonly env: Config['pluginEnv'];
  /** What was set on the admin page. */
  readonly page?: { of(plugin: string): Readonly<Record<string, string>> };
  readonly sandbox: { appFields(plugin: string): Readonly<Record<string, string>> };
}

export interface MissingAppField {
  readonly name: string;
  readonly title: string;
  /** What to set: `ACME_CLIENT_ID`. */
  readonly variable: string;
}

/** The operator's own app at the provider: environment before admin page before simulator before the manifest's default. */
export function appFields(
  loaded: Pick<LoadedPlugin, 'id' | 'plugin'>,
  { env, page, sandbox }: AppFieldSources,
): Record<string, string> {
  const [set, simulated] = [page?.of(loaded.id) ?? {}, sandbox.appFields(loaded.id)];
  const values: Record<string, string> = {};
  for (const [name, field] of Object.entries(appForm(loaded)?.properties ?? {})) {
    const value = env[variableOf(loaded.id, name)]?.trim() || set[name] || simulated[name] || field.default;
    if (value !== undefined && value !== '') values[name] = String(value);
  }
  return values;
}

/** Required fields nobody has set: the plugin cannot connect this way until the operator does. */
export function missingAppFields(loaded: Pick<LoadedPlugin, 'id' | 'plugin'>, sources: AppFieldSources): MissingAppField[] {
  const form = appForm(loaded);
  const values = appFields(loaded, sources);
  return (form?.required ?? [])
    .filter((name) => values[name] === undefined)
    .map((name) => ({ name, title: form?.properties[name]?.title ?? name, variable: variableOf(loaded.id, name) }));
}

/** As many as there are fields; each webhook call asks for those of its plugin. */
const variables = new Map<string, string>();

/** `acme-ads`, `clientId` → `ACME_ADS_CLIENT_ID`. */
export function variableOf(plugin: string, field: string): string {
  const name = `${plugin}_${field}`;
  const known = variables.get(name);
  if (known !== undefined) return known;
  const words = field.replace(/([a-z0-9])([A-Z])/g, '$1_$2');
  const variable = `${plugin}_${words}`.replaceAll('-', '_').toUpperCase();
  variables.set(name, variable);
  return variable;
}

/** What the operator fills in once per hub; undefined for a plugin that asks for nothing. */
export function appForm({ plugin }: Pick<LoadedPlugin, 'plugin'>): Form | undefined {
  return 'app' in plugin.manifest ? plugin.manifest.app : undefined;
}

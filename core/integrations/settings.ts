import { FormChecker, splitSecrets } from '../plugins/form-check.ts';
import type { RunnablePlugin } from '../plugins/registry.ts';
import { hubError, PluginFault, Rejected } from '../sdk/index.ts';
import type { Integration } from './integration-store.ts';

type Values = Readonly<Record<string, unknown>>;
type Secrets = Readonly<Record<string, string>>;

/** An integration's settings in the version of the plugin that runs. */
export interface Settings {
  /** Without secrets and defaults. */
  readonly plain: Values;
  readonly secret: Secrets;
  /** They differ from what is stored, which stays as it is until somebody saves them. */
  readonly migrated: boolean;
}

const forms = new FormChecker();

/** The version in which a plugin's settings are saved now. */
export function configVersionOf({ plugin }: RunnablePlugin): number {
  return plugin.manifest.configVersion ?? 1;
}

/** Does the plugin that runs read settings of another version than these were saved in? */
export function isOutdated(plugin: RunnablePlugin, { configVersion }: Pick<Integration, 'configVersion'>): boolean {
  return configVersion < configVersionOf(plugin) && plugin.plugin.handlers.migrateConfig !== undefined;
}

/**
 * Older settings go through the plugin's `migrateConfig` each time they are read, until somebody saves them: so an earlier
 * generation that is put back finds them as it left them.
 * @throws Rejected (`CONFIG_SCHEMA_INVALID`) in words for the store owner, when the plugin cannot take them over
 */
export function settingsFor(plugin: RunnablePlugin, integration: Integration, secret: Secrets): Settings {
  const { config: plain, name, configVersion: from } = integration;
  if (!isOutdated(plugin, integration)) return { plain, secret, migrated: false };
  const { manifest, handlers } = plugin.plugin;
  try {
    const given = structuredClone({ ...plain, ...secret });
    const work = () => known(manifest.config.properties, handlers.migrateConfig?.(given, from));
    const checked = forms.check(manifest.config, plugin.life ? plugin.life.inside(work) : work(), { partial: true });
    const split = splitSecrets(manifest.config, checked);
    return { plain: split.plain, secret: split.secret, migrated: true };
  } catch (error) {
    if (!hubError(error)) plugin.life?.fault(error, 'migrateConfig');
    const why = hubError(error)?.message ?? 'The plugin failed over them.';
    const what = `The settings of ${name} are from an earlier version of ${manifest.name} and could not be taken over: ${why}`;
    throw new Rejected(`${what} Open them, look at each field, and save.`, { code: 'CONFIG_SCHEMA_INVALID', cause: error });
  }
}

/** The same where something has to be shown or ended whatever its settings are: those that cannot be taken over as stored. */
export function settingsOrStored(plugin: RunnablePlugin | undefined, integration: Integration, secret: Secrets = {}): Settings {
  const stored = { plain: integration.config, secret, migrated: false };
  if (!plugin) return stored;
  try {
    return settingsFor(plugin, integration, secret);
  } catch {
    return stored;
  }
}

/** What the form does not ask for is dropped. */
function known(properties: Values, migrated: unknown): Values {
  if (typeof migrated !== 'object' || migrated === null || Array.isArray(migrated))
    throw new PluginFault('migrateConfig did not return the settings as an object.');
  return Object.fromEntries(Object.entries(migrated).filter(([name, value]) => name in properties && value !== undefined));
}

import { isComingSoon } from '../plugins/check.ts';
import type { LoadedPlugin, RunnablePlugin } from '../plugins/registry.ts';
import type { Barred } from '../sdk/index.ts';
import { declared } from './declared.ts';
import type { Integration } from './integration-store.ts';

type WhyBarred = Barred<Record<string, unknown>>;

/** Why an integration's settings forbid one of its plugin's actions; undefined where they do not, or the plugin fails over it. */
export function barredBy(plugin: LoadedPlugin | undefined, integration: Integration, action: string): WhyBarred | undefined {
  if (!isRunnable(plugin)) return undefined;
  const { manifest, handlers } = plugin.plugin;
  const actions = handlers.actions ?? {};
  const found = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!found?.barred) return undefined;
  const where = `actions.${action}.barred`;
  const { properties } = manifest.config;
  return declared(plugin, integration, { where, ask: (about) => checked(found.barred?.(about), properties) });
}

function isRunnable(plugin: LoadedPlugin | undefined): plugin is RunnablePlugin {
  return plugin !== undefined && !isComingSoon(plugin.plugin);
}

/** @throws Error for what is no answer: it must not be taken for a refusal, nor be overlooked */
function checked(told: unknown, settings: Readonly<Record<string, unknown>>): WhyBarred | undefined {
  if (told === undefined) return undefined;
  const { text, field } = (told ?? {}) as Partial<Record<keyof WhyBarred, unknown>>;
  if (typeof text !== 'string' || text === '' || typeof field !== 'string' || !Object.hasOwn(settings, field)) {
    throw new Error('it did not answer with a text and the name of a setting');
  }
  return { text, field };
}

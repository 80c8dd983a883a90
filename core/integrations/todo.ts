import type { RunnablePlugin } from '../plugins/registry.ts';
import { hubError, type Todo } from '../sdk/index.ts';
import { configDefaults } from './context.ts';
import type { Integration } from './integration-store.ts';
import { settingsOrStored } from './settings.ts';

/** What its owner has still to choose, as its plugin says; nothing where the plugin fails over it or names no setting. */
export function todosOf(plugin: RunnablePlugin | undefined, integration: Integration): readonly Todo[] {
  const todo = plugin?.plugin.handlers.todo;
  const { account, method } = integration;
  if (!plugin || !todo || !account) return [];
  const { config: form } = plugin.plugin.manifest;
  try {
    const config = { ...configDefaults(plugin), ...settingsOrStored(plugin, integration).plain };
    const ask = () => todo({ account, method, config });
    const told: unknown = plugin.life ? plugin.life.inside(ask) : ask();
    return Array.isArray(told) ? told.filter((one): one is Todo => isTodo(one) && Object.hasOwn(form.properties, one.field)) : [];
  } catch (error) {
    if (!hubError(error)) plugin.life?.fault(error, 'todo');
    return [];
  }
}

function isTodo(value: unknown): value is Todo {
  const { text, step, field } = (value ?? {}) as Partial<Record<keyof Todo, unknown>>;
  return [text, step, field].every((part) => typeof part === 'string' && part !== '');
}

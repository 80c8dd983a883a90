import type { RunnablePlugin } from '../plugins/registry.ts';
import type { Todo } from '../sdk/index.ts';
import { declared } from './declared.ts';
import type { Integration } from './integration-store.ts';

/** What its owner has still to choose, as its plugin says; nothing where the plugin fails over it or names no setting. */
export function todosOf(plugin: RunnablePlugin | undefined, integration: Integration): readonly Todo[] {
  const todo = plugin?.plugin.handlers.todo;
  if (!plugin || !todo) return [];
  const { properties } = plugin.plugin.manifest.config;
  const ask = (about: Parameters<typeof todo>[0]) => {
    const told: unknown = todo(about);
    return Array.isArray(told) ? told.filter((one): one is Todo => isTodo(one) && Object.hasOwn(properties, one.field)) : [];
  };
  return declared(plugin, integration, { where: 'todo', ask }) ?? [];
}

function isTodo(value: unknown): value is Todo {
  const { text, step, field } = (value ?? {}) as Partial<Record<keyof Todo, unknown>>;
  return [text, step, field].every((part) => typeof part === 'string' && part !== '');
}

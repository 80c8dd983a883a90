import type { Registry } from './registry.ts';

/** Ids of the plugins that take calls of their providers, as they are now. */
export function callingPlugins(registry: Pick<Registry, 'templates' | 'get'>): string[] {
  return registry.templates().flatMap(({ id }) => (registry.get(id)?.plugin.handlers.webhook ? [id] : []));
}

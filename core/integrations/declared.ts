import type { RunnablePlugin } from '../plugins/registry.ts';
import { type Account, hubError } from '../sdk/index.ts';
import { configDefaults } from './context.ts';
import type { Method } from './integration-entity.ts';
import type { Integration } from './integration-store.ts';
import { settingsOrStored } from './settings.ts';

/** What a plugin declares of an integration from this alone, at once and without asking anybody. */
export interface About {
  readonly account: Account;
  readonly method: Method;
  /** Without secrets. */
  readonly config: Readonly<Record<string, unknown>>;
}

interface Asked<T> {
  /** As faults name it: `todo`. */
  readonly where: string;
  readonly ask: (about: About) => T;
}

/** Undefined where the plugin fails over it, which is its fault, or where there is no account yet. */
export function declared<T>(plugin: RunnablePlugin, integration: Integration, { where, ask }: Asked<T>): T | undefined {
  const { account, method } = integration;
  if (!account) return undefined;
  try {
    const config = { ...configDefaults(plugin), ...settingsOrStored(plugin, integration).plain };
    const work = () => ask({ account, method, config });
    return plugin.life ? plugin.life.inside(work) : work();
  } catch (error) {
    if (!hubError(error)) plugin.life?.fault(error, where);
    return undefined;
  }
}

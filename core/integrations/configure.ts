import type { Principal } from '../access/principal.ts';
import { isSecret, splitSecrets } from '../plugins/form-check.ts';
import { type Form, Rejected } from '../sdk/index.ts';
import { checkedName } from './account-connect.ts';
import { heal } from './attention.ts';
import type { ConflictRule } from './integration-entity.ts';
import type { Integration } from './integration-store.ts';
import type { ServiceParts } from './service-parts.ts';
import { configVersionOf, settingsOrStored } from './settings.ts';

/** Shown instead of a secret that is kept, and taken back as "keep it". */
export const MASK = '••••';

export interface Rename {
  readonly name?: string | undefined;
  /** Empty: none. */
  readonly description?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly conflictRule?: ConflictRule | undefined;
}

/**
 * Replaces the settings by `values`. A secret that is left out, blank or masked keeps its value.
 * @throws Rejected (`CONFIG_SCHEMA_INVALID`) naming every field at fault
 */
export async function configure(
  parts: ServiceParts,
  integration: Integration,
  values: unknown,
  principal: Principal,
): Promise<Integration> {
  const { store, vault, audit, plugins } = parts;
  const { storeId, id } = integration;
  const place = { store: storeId, owner: id };
  const plugin = plugins.require(integration.pluginId);
  const { manifest, handlers } = plugin.plugin;
  const form = manifest.config;
  const followed: readonly string[] = handlers.webhook?.follows ?? [];
  const { sealed, kept, migrated, checked } = await checkedSettings(parts, integration, values);
  const { plain, secret } = splitSecrets(form, checked);
  const changed = Object.fromEntries(Object.entries(secret).filter(([name, value]) => migrated || kept[name] !== value));
  const unchanged = Object.entries(sealed).filter(([name]) => name in secret && !(name in changed));
  const replaced = Object.fromEntries(Object.entries(sealed).filter(([name]) => name in changed && followed.includes(name)));
  const configSecrets = { ...Object.fromEntries(unchanged), ...(await vault.sealAll(place, changed)) };
  const configured = await store.transaction(async (sql) => {
    if (Object.keys(replaced).length > 0) await parts.subscriptionStore.outlive(integration, replaced, sql);
    const mended = await heal(integration, 'CONFIG_SCHEMA_INVALID', sql);
    const configured = await store.update(
      storeId,
      id,
      { config: plain, configSecrets, configVersion: configVersionOf(plugin) },
      sql,
    );
    const fields = [...changedNames(integration.config, plain), ...Object.keys(changed)];
    await audit.record({ storeId, principal, action: 'integration.configure', target: id, detail: { fields } }, sql);
    if (mended) await parts.hooks.onReady?.(configured, sql);
    await parts.hooks.onConfigured?.({ integration: configured, before: integration.config, principal }, sql);
    return configured;
  });
  return parts.subscriptions.follow(configured);
}

/**
 * The settings as they would be saved, with the secrets that stay.
 * @throws Rejected (`CONFIG_SCHEMA_INVALID`) naming every field at fault
 */
export async function checkedSettings(
  { store, vault, forms, plugins }: Pick<ServiceParts, 'store' | 'vault' | 'forms' | 'plugins'>,
  integration: Integration,
  values: unknown,
) {
  const { storeId, id } = integration;
  const plugin = plugins.require(integration.pluginId);
  const form = plugin.plugin.manifest.config;
  const sealed = await store.configSecrets(storeId, id);
  const opened = await vault.openAll({ store: storeId, owner: id }, sealed);
  const { secret: kept, migrated } = settingsOrStored(plugin, integration, opened);
  const checked = forms.check(form, withKept(form, values, kept), { code: 'CONFIG_SCHEMA_INVALID' });
  return { sealed, kept, migrated, checked };
}

/** @throws Rejected for a name that is blank or too long */
export async function rename(
  parts: ServiceParts,
  integration: Integration,
  { name, description, enabled, conflictRule }: Rename,
  principal: Principal,
): Promise<Integration> {
  const { storeId, id } = integration;
  const newName = name === undefined ? undefined : checkedName(name);
  if (name !== undefined && newName === undefined) throw fault('/name', 'Give it a name.');
  if (description !== undefined && description.length > 1000) throw fault('/description', 'Use at most 1,000 characters.');
  const change = {
    ...(newName !== undefined && { name: newName }),
    ...(description !== undefined && { description: description.trim() || null }),
    ...(enabled !== undefined && { enabled }),
    ...(conflictRule !== undefined && { conflictRule }),
  };
  return parts.store.transaction(async (sql) => {
    const changed = await parts.store.update(storeId, id, change, sql);
    await parts.audit.record({ storeId, principal, action: 'integration.change', target: id, detail: change }, sql);
    if (enabled && !integration.enabled && changed.status === 'active') await parts.hooks.onReady?.(changed, sql);
    return changed;
  });
}

function withKept(form: Form, values: unknown, kept: Readonly<Record<string, string>>): unknown {
  if (typeof values !== 'object' || values === null || Array.isArray(values)) return values;
  const given: Record<string, unknown> = { ...values };
  for (const name of secretNames(form)) {
    if (given[name] !== undefined && given[name] !== '' && given[name] !== MASK) continue;
    if (kept[name] === undefined) delete given[name];
    else given[name] = kept[name];
  }
  return given;
}

export function secretNames(form: Form): string[] {
  return Object.keys(form.properties).filter((name) => isSecret(form.properties[name]));
}

function changedNames(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
}

function fault(pointer: string, message: string): Rejected {
  return new Rejected(message, { fields: [{ pointer, message }] });
}

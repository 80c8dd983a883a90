import type { Principal } from '../access/principal.ts';
import { hubError } from '../sdk/index.ts';
import { endConnection } from './end-connection.ts';
import type { Integration } from './integration-store.ts';
import type { ServiceParts } from './service-parts.ts';

export interface Disconnect {
  /** False: what was synced is deleted for good. */
  readonly keepRecords: boolean;
  readonly principal: Principal;
  readonly reason?: string | undefined;
}

const GOODBYE_MS = 15_000;

/**
 * Revokes at the provider where it can, forgets the credential, stops all work. What the provider would not do is said in
 * the integration's message; it never keeps the connection alive. Asking again changes nothing more.
 */
export async function disconnect(parts: ServiceParts, integration: Integration, wanted: Disconnect): Promise<Integration> {
  const { keepRecords, principal, reason } = wanted;
  const over = integration.status === 'disconnected';
  const notes = over ? [] : await sayGoodbye(parts, integration, principal);
  return parts.store.transaction(async (sql) => {
    const { storeId, id } = integration;
    if (!keepRecords) {
      const records = await parts.records.deleteAll(sql, storeId, id);
      // Without its records the next sync has to begin at the beginning.
      await sql.query('delete from checkpoints where store_id = $1 and integration_id = $2', [storeId, id]);
      await parts.audit.record({ storeId, principal, action: 'records.delete', target: id, detail: { records } }, sql);
    }
    if (over) return parts.store.get(storeId, id, sql);
    const message = [reason ?? `Disconnected by ${principal.email}.`, ...notes].join(' ');
    return endConnection(parts, integration, { message, principal }, sql);
  });
}

/** @returns a sentence for each thing that failed */
async function sayGoodbye(parts: ServiceParts, integration: Integration, principal: Principal): Promise<string[]> {
  if (!integration.account) return [];
  const { storeId, id } = integration;
  await parts.audit.record({ storeId, principal, action: 'credential.read', target: id, detail: { purpose: 'disconnect' } });
  const unsubscribed = await parts.subscriptions.end(integration);
  const kept = await withdraw(parts, integration);
  return [unsubscribed, kept].filter((note): note is string => note !== undefined && note !== '');
}

/** @returns why access stays at the provider; nothing where it does not, or where nobody can take it back */
async function withdraw(parts: ServiceParts, integration: Integration): Promise<string | undefined> {
  // Taken back once it is gone for all, in other stores too; the last to disconnect takes it back.
  if (integration.method === 'oauth' && (await parts.credentials.isShared(integration))) return sharedNote(parts, integration);
  const failures = [await farewell(parts, integration), await parts.revocation.revoke(integration)];
  const why = [...new Set(failures.filter((failure) => failure !== undefined))].join('; ');
  return why && `Access could not be withdrawn at the provider (${why}); remove it there.`;
}

function sharedNote({ plugins }: ServiceParts, { pluginId }: Integration): string | undefined {
  const plugin = plugins.get(pluginId)?.plugin;
  const isTakenBack =
    plugin?.handlers.disconnect !== undefined || plugin?.manifest.auth.some((way) => way.method === 'oauth' && way.revokeUrl);
  return isTakenBack ? `Access at ${plugin?.manifest.name} stays, as another connection of the same account uses it.` : undefined;
}

/** What the plugin has to say; undefined when it went well. */
async function farewell({ contexts }: ServiceParts, integration: Integration): Promise<string | undefined> {
  try {
    const open = await contexts.forIntegration(integration, { evenIfInactive: true, timeoutMs: GOODBYE_MS });
    await open.run(async () => open.handlers.disconnect?.(open.ctx), 'disconnect');
    return undefined;
  } catch (error) {
    // A credential that no longer works needs no revoking.
    if (hubError(error)?.consequence === 'reconnect-needed') return undefined;
    return hubError(error)?.message ?? 'it failed';
  }
}

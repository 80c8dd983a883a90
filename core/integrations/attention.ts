import type { Audit } from '../access/audit.ts';
import type { Sql } from '../database/transaction.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

/**
 * Flags an active integration: only a person can mend it. Does nothing when it was connected again meanwhile (a call that
 * began with the old credential says nothing about the new one).
 */
export async function needsReconnect(
  parts: { store: IntegrationStore; audit: Audit },
  integration: Integration,
  message: string,
  sql: Sql,
): Promise<void> {
  const flagged = await parts.store.flag(integration, { reasonCode: 'RECONNECT_NEEDED', message }, sql);
  if (!flagged) return;
  const { storeId, id, pluginId } = integration;
  await parts.audit.record(
    { storeId, actor: `plugin:${pluginId}`, action: 'integration.needs-reconnect', target: id, detail: { message } },
    sql,
  );
}

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
  const why = { reasonCode: 'RECONNECT_NEEDED', message, action: 'integration.needs-reconnect' };
  await flag(parts, integration, why, sql);
}

/** The same where its settings have to be looked at: saving them mends it. */
export async function needsSettings(
  parts: { store: IntegrationStore; audit: Audit },
  integration: Integration,
  message: string,
  sql: Sql,
): Promise<void> {
  const why = { reasonCode: 'CONFIG_SCHEMA_INVALID', message, action: 'integration.needs-settings' };
  await flag(parts, integration, why, sql);
}

async function flag(
  parts: { store: IntegrationStore; audit: Audit },
  integration: Integration,
  { action, ...why }: { reasonCode: string; message: string; action: string },
  sql: Sql,
): Promise<void> {
  if (!(await parts.store.flag(integration, why, sql))) return;
  const { storeId, id, pluginId } = integration;
  const detail = { message: why.message };
  await parts.audit.record({ storeId, actor: `plugin:${pluginId}`, action, target: id, detail }, sql);
}

/** Says of an active integration ahead of time what {@link needsReconnect} will say; it goes on working. */
export async function forewarn(sql: Sql, integration: Integration, message: string): Promise<void> {
  await sql.query(
    `update integrations set reason_code = 'RECONNECT_NEEDED', message = $4, updated_at = now()
     where store_id = $1 and id = $2 and status = 'active' and connected_at is not distinct from $3`,
    [integration.storeId, integration.id, integration.connectedAt ?? null, message],
  );
}

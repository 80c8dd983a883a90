import type { Audit } from '../access/audit.ts';
import type { Sql } from '../database/transaction.ts';
import type { Integration } from './integration.ts';

/**
 * Flags an active integration: only a person can mend it. Does nothing when it was connected again meanwhile (a call that
 * began with the old credential says nothing about the new one).
 */
export async function needsReconnect(
  parts: { audit: Audit },
  integration: Integration,
  message: string,
  sql: Sql,
): Promise<void> {
  const why = { reasonCode: 'RECONNECT_NEEDED', message, action: 'integration.needs-reconnect' };
  await flag(parts, integration, why, sql);
}

/** The same where its settings have to be looked at: saving them mends it. */
export async function needsSettings(parts: { audit: Audit }, integration: Integration, message: string, sql: Sql): Promise<void> {
  const why = { reasonCode: 'CONFIG_SCHEMA_INVALID', message, action: 'integration.needs-settings' };
  await flag(parts, integration, why, sql);
}

async function flag(
  { audit }: { audit: Audit },
  integration: Integration,
  { action, reasonCode, message }: { reasonCode: string; message: string; action: string },
  sql: Sql,
): Promise<void> {
  const { storeId, id, pluginId, connectedAt } = integration;
  const [flagged] = await sql.query(
    `update integrations set status = 'error', reason_code = $4, message = $5, updated_at = now()
     where store_id = $1 and id = $2 and status = 'active' and connected_at is not distinct from $3 returning id`,
    [storeId, id, connectedAt ?? null, reasonCode, message],
  );
  if (!flagged) return;
  await audit.record({ storeId, actor: `plugin:${pluginId}`, action, target: id, detail: { message } }, sql);
}

/** Makes one that was flagged for this reason active again; true when it did. */
export async function heal({ storeId, id }: Integration, reasonCode: string, sql: Sql): Promise<boolean> {
  const rows = await sql.query(
    `update integrations set status = 'active', reason_code = null, message = null, updated_at = now()
     where store_id = $1 and id = $2 and status = 'error' and reason_code = $3 returning id`,
    [storeId, id, reasonCode],
  );
  return rows.length > 0;
}

/** Says of an active integration ahead of time what {@link needsReconnect} will say; it goes on working. */
export async function forewarn(sql: Sql, integration: Integration, message: string): Promise<void> {
  await sql.query(
    `update integrations set reason_code = 'RECONNECT_NEEDED', message = $4, updated_at = now()
     where store_id = $1 and id = $2 and status = 'active' and connected_at is not distinct from $3`,
    [integration.storeId, integration.id, integration.connectedAt ?? null, message],
  );
}

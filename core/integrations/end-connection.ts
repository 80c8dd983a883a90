import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Sql } from '../database/transaction.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

export interface Ending {
  /** For the card: what happened. */
  readonly message: string;
  /** Undefined: the provider ended it. */
  readonly principal?: Principal | undefined;
}

/** Forgets the credential and stops what was to be done with it; config and records stay, so that it can be connected again. */
export async function endConnection(
  parts: { store: IntegrationStore; credentials: CredentialStore; audit: Audit },
  integration: Integration,
  { message, principal }: Ending,
  sql: Sql,
): Promise<Integration> {
  const { storeId, id, pluginId } = integration;
  await parts.credentials.remove({ storeId, integrationId: id }, sql);
  await stopRuns(sql, integration);
  await parts.audit.record(
    {
      storeId,
      ...(principal ? { principal } : { actor: `plugin:${pluginId}` }),
      action: 'integration.disconnect',
      target: id,
      detail: { message },
    },
    sql,
  );
  const ended = { status: 'disconnected', reasonCode: null, message, webhookSubscription: null } as const;
  return parts.store.update(storeId, id, ended, sql);
}

/** Those that wait are over; those that run stop at their next page. */
async function stopRuns(sql: Sql, { storeId, id }: Integration): Promise<void> {
  await sql.query(
    `update sync_runs set cancel_requested_at = coalesce(cancel_requested_at, now()),
       status = case status when 'queued' then 'cancelled' else status end,
       finished_at = case status when 'queued' then now() end,
       message = case status when 'queued' then 'Disconnected before it began.' else message end
     where store_id = $1 and integration_id = $2 and status in ('queued', 'running')`,
    [storeId, id],
  );
}

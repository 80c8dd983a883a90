import type { Audit } from '../access/audit.ts';
import type { Principal } from '../access/principal.ts';
import type { Sql } from '../database/transaction.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';
import { lockIntegration } from './lock.ts';
import { stopOf } from './stop.ts';
import { forgetSubscription } from './subscription-store.ts';

export interface EndingParts {
  readonly store: IntegrationStore;
  readonly credentials: CredentialStore;
  readonly audit: Audit;
  readonly hooks: DisconnectHooks;
}

/** What the rest of the hub does when a connection ends: stop its work. Runs inside the transaction that ends it. */
export interface DisconnectHooks {
  onDisconnected(integration: Integration, sql: Sql): Promise<unknown>;
}

export interface Ending {
  /** For the card: what happened. */
  readonly message: string;
  /** Undefined: the provider ended it. */
  readonly principal?: Principal | undefined;
}

/** Forgets the credential and stops what was to be done with it; config and records stay, so that it can be connected again. */
export async function endConnection(
  parts: EndingParts,
  integration: Integration,
  { message, principal }: Ending,
  sql: Sql,
): Promise<Integration> {
  const { storeId, id, pluginId } = integration;
  await lockIntegration(sql, integration);
  await parts.credentials.remove({ storeId, integrationId: id }, sql);
  await parts.hooks.onDisconnected(integration, sql);
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
  await forgetSubscription(sql, integration);
  const { reasonCode } = stopOf(await parts.store.get(storeId, id, sql)) ?? { reasonCode: null };
  const ended = { status: 'disconnected', reasonCode, message } as const;
  return parts.store.update(storeId, id, ended, sql);
}

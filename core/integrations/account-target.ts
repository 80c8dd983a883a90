import type { Sql } from '../database/transaction.ts';
import { type Account, Rejected } from '../sdk/index.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

/** Where a newly proven account shall go. */
export interface Wanted {
  readonly storeId: string;
  readonly pluginId: string;
  readonly account: Account;
  /** This integration and no other. */
  readonly integrationId: string | undefined;
}

/**
 * The integration the account already has in the store, if any; with `sql` its row is locked.
 * @throws Rejected (`CONFLICT`) when it works already, or when another account was expected
 */
export async function accountTarget(store: IntegrationStore, wanted: Wanted, sql?: Sql): Promise<Integration | undefined> {
  const { storeId, pluginId, account, integrationId } = wanted;
  const same = await store.ofAccount({ storeId, pluginId, externalId: account.externalId }, sql);
  if (integrationId === undefined) {
    if (same?.status !== 'active') return same;
    throw conflict(`${account.label} is connected already, as "${same.name}"; manage or reconnect that one.`);
  }
  const prior = await store.get(storeId, integrationId, sql);
  if (prior.account && prior.account.externalId !== account.externalId) {
    throw conflict(
      `"${prior.name}" is connected to ${prior.account.label}, but you signed in to ${account.label}. ` +
        `Sign in to ${prior.account.label} to reconnect it, or connect ${account.label} as a new integration.`,
    );
  }
  if (same && same.id !== prior.id) throw conflict(`${account.label} is connected already, as "${same.name}".`);
  return prior;
}

function conflict(message: string): Rejected {
  return new Rejected(message, { code: 'CONFLICT' });
}

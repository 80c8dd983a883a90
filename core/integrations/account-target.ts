import type { Sql } from '../database/transaction.ts';
import { type Account, Rejected } from '../sdk/index.ts';
import type { Method } from './integration-entity.ts';
import type { Integration, IntegrationStore } from './integration-store.ts';

/** Where a newly proven account shall go. */
export interface Wanted {
  readonly storeId: string;
  readonly pluginId: string;
  readonly account: Account;
  readonly method: Method;
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
    throw otherAccount(prior.name, { expected: prior.account, met: account, method: wanted.method });
  }
  if (same && same.id !== prior.id) throw conflict(`${account.label} is connected already, as "${same.name}".`);
  return prior;
}

interface OtherAccount {
  readonly expected: Account;
  readonly met: Account;
  readonly method: Method;
}

/** Two accounts of one business, such as its live and its test one, often bear the same name. */
function otherAccount(name: string, { expected, met, method }: OtherAccount): Rejected {
  const isSameName = expected.label === met.label;
  const named = ({ label, externalId }: Account) => (isSameName ? `${label} (account ${externalId})` : label);
  const [said, again] = method === 'manual' ? ['this key is of', 'Use a key of'] : ['you signed in to', 'Sign in to'];
  return conflict(
    `"${name}" is connected to ${named(expected)}, but ${said} ${named(met)}. ` +
      `${again} ${named(expected)} to reconnect it, or connect ${named(met)} as another account.`,
  );
}

function conflict(message: string): Rejected {
  return new Rejected(message, { code: 'CONFLICT' });
}

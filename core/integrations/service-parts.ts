import type { Audit } from '../access/audit.ts';
import type { FormChecker } from '../plugins/form-check.ts';
import type { Registry } from '../plugins/registry.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Vault } from '../vault/secret.ts';
import type { ConnectHooks } from './account-connect.ts';
import type { Contexts } from './context.ts';
import type { CredentialStore } from './credential-store.ts';
import type { Effects } from './effects.ts';
import type { DisconnectHooks } from './end-connection.ts';
import type { HealthStore } from './health-store.ts';
import type { IntegrationListStore } from './integration-list-store.ts';
import type { IntegrationStore } from './integration-store.ts';
import type { Revocation } from './revocation.ts';
import type { SubscriptionStore } from './subscription-store.ts';
import type { Subscriptions } from './subscriptions.ts';

/** What the steps of {@link Integrations} work with. */
export interface ServiceParts {
  readonly store: IntegrationStore;
  readonly integrationLists: Pick<IntegrationListStore, 'configSecrets'>;
  readonly credentials: CredentialStore;
  readonly contexts: Contexts;
  readonly vault: Vault;
  readonly audit: Audit;
  readonly forms: FormChecker;
  readonly plugins: Pick<Registry, 'require' | 'get' | 'template'>;
  readonly records: Pick<RecordStore, 'deleteAll' | 'now'>;
  readonly effects: Pick<Effects, 'apply'>;
  readonly subscriptionStore: Pick<SubscriptionStore, 'outlive'>;
  readonly subscriptions: Pick<Subscriptions, 'end' | 'follow' | 'urlOf'>;
  readonly revocation: Pick<Revocation, 'revoke'>;
  readonly healthStore: HealthStore;
  readonly hooks: Pick<ConnectHooks, 'onReady' | 'onConfigured'> & DisconnectHooks;
}

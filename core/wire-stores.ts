import type { DataSource } from 'typeorm';
import { Accounts } from './access/accounts.ts';
import { ApiKeyStore } from './access/api-key-store.ts';
import { ApiKeys } from './access/api-keys.ts';
import { Audit } from './access/audit.ts';
import { LanguageStore } from './access/language-store.ts';
import { MembershipStore } from './access/membership-store.ts';
import { SetupLink } from './access/setup-link.ts';
import { Stores } from './access/stores.ts';
import { UserStore } from './access/user-store.ts';
import { sqlOf } from './database/transaction.ts';
import { Budgets } from './egress/budget.ts';
import { OutageStore } from './egress/outage-store.ts';
import { Outages } from './egress/outages.ts';
import { EventClaimStore } from './inbox/claim-store.ts';
import { EventStore } from './inbox/event-store.ts';
import { SharedReads } from './inbox/shared-reads.ts';
import { SpoolStore } from './inbox/spool-store.ts';
import { TrayStore } from './inbox/tray-store.ts';
import { UpkeepStore } from './inbox/upkeep-store.ts';
import { CensusStore } from './integrations/census-store.ts';
import { CredentialStore } from './integrations/credential-store.ts';
import { HealthStore } from './integrations/health-store.ts';
import { IntegrationListStore } from './integrations/integration-list-store.ts';
import { IntegrationStore } from './integrations/integration-store.ts';
import { OAuthRequestStore } from './integrations/oauth-request-store.ts';
import { SetUpStore } from './integrations/set-up-store.ts';
import { SubscriptionStore } from './integrations/subscription-store.ts';
import type { Log } from './log.ts';
import { RecordStore } from './records/record-store.ts';
import { RunHistoryStore } from './syncs/run-history-store.ts';
import { RunStore } from './syncs/run-store.ts';
import { RunWorkStore } from './syncs/run-work-store.ts';
import { ScheduleStore } from './syncs/schedule-store.ts';

/** Who may do what. */
export function wireAccess(dataSource: DataSource) {
  const users = new UserStore(dataSource);
  const memberships = new MembershipStore(dataSource);
  const accounts = new Accounts(users, memberships);
  const stores = new Stores(memberships);
  return {
    accounts,
    stores,
    languages: new LanguageStore(dataSource),
    apiKeys: new ApiKeys(new ApiKeyStore(dataSource)),
    audit: new Audit(sqlOf(dataSource)),
    setupLink: new SetupLink(accounts),
  };
}

/** What is kept in the database, and what counts over all hosts. */
export function wireStores(dataSource: DataSource, log: Log) {
  const events = new EventStore(dataSource);
  return {
    integrationStore: new IntegrationStore(dataSource),
    integrationLists: new IntegrationListStore(dataSource),
    sharedReads: new SharedReads(dataSource),
    census: new CensusStore(dataSource),
    credentials: new CredentialStore(dataSource),
    requests: new OAuthRequestStore(dataSource),
    subscriptionStore: new SubscriptionStore(dataSource),
    healthStore: new HealthStore(dataSource),
    setUps: new SetUpStore(dataSource),
    records: new RecordStore(dataSource),
    events,
    claims: new EventClaimStore(dataSource),
    spool: new SpoolStore(dataSource, events.origin),
    trays: new TrayStore(dataSource),
    upkeep: new UpkeepStore(dataSource),
    runs: new RunStore(dataSource),
    history: new RunHistoryStore(dataSource),
    work: new RunWorkStore(dataSource),
    schedules: new ScheduleStore(dataSource),
    budgets: new Budgets({ dataSource }),
    outages: new Outages({ store: new OutageStore(dataSource), log }),
  };
}

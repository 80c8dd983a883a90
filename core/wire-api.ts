import type { DataSource } from 'typeorm';
import { Onces } from './access/once.ts';
import { OnceStore } from './access/once-store.ts';
import { EventListStore } from './inbox/event-list-store.ts';
import { IntegrationListStore } from './integrations/integration-list-store.ts';
import { RunListStore } from './syncs/run-list-store.ts';
import type { Vault } from './vault/secret.ts';

/** What only callers of the API ask for. */
export function wireApi(dataSource: DataSource, vault: Vault) {
  return {
    onces: new Onces({ store: new OnceStore(dataSource), vault }),
    runLists: new RunListStore(dataSource),
    eventLists: new EventListStore(dataSource),
    integrationLists: new IntegrationListStore(dataSource),
  };
}

import type { DataSource } from 'typeorm';
import { IdempotencyKeyStore } from './access/idempotency-key-store.ts';
import { IdempotencyKeys } from './access/idempotency-keys.ts';
import type { Config } from './config.ts';
import { DeskStore } from './inbox/desk-store.ts';
import { EventListStore } from './inbox/event-list-store.ts';
import { SpoolFiguresStore } from './inbox/spool-figures-store.ts';
import { UnreadableStore } from './inbox/unreadable-store.ts';
import { AnalyticsStore } from './integrations/analytics-store.ts';
import { ChangeStampStore } from './integrations/change-stamp-store.ts';
import { ConnectLinkStore } from './integrations/connect-link-store.ts';
import { ConnectLinks, type ConnectLinksOptions } from './integrations/connect-links.ts';
import { FleetStore } from './integrations/fleet-store.ts';
import { Bulk, type BulkOptions } from './syncs/bulk.ts';
import { BulkBatchStore } from './syncs/bulk-batch-store.ts';
import { BulkStore } from './syncs/bulk-store.ts';
import { RunListStore } from './syncs/run-list-store.ts';
import type { Vault } from './vault/secret.ts';
import { ActivityStore } from './web/activity-store.ts';
import { HubFiguresStore } from './web/hub-figures-store.ts';

interface ApiParts extends Pick<ConnectLinksOptions, 'connect' | 'audit' | 'accounts'>, Omit<BulkOptions, 'bulks' | 'publicUrl'> {
  readonly dataSource: DataSource;
  readonly vault: Vault;
  readonly config: Config;
}

/** What only callers of the API and the pages ask for. */
export function wireApi({ dataSource, vault, config, ...parts }: ApiParts) {
  const { publicUrl, connectReturnUrls: returnUrls } = config;
  return {
    connectLinks: new ConnectLinks({ ...parts, links: new ConnectLinkStore(dataSource), vault, publicUrl, returnUrls }),
    idempotencyKeys: new IdempotencyKeys({ store: new IdempotencyKeyStore(dataSource), vault }),
    bulk: new Bulk({ ...parts, bulks: new BulkStore(dataSource), publicUrl }),
    activity: new ActivityStore(dataSource),
    bulkBatches: new BulkBatchStore(dataSource),
    analytics: new AnalyticsStore(dataSource),
    fleet: new FleetStore(dataSource),
    hubFigures: new HubFiguresStore(dataSource),
    desk: new DeskStore(dataSource),
    spoolFigures: new SpoolFiguresStore(dataSource),
    unreadable: new UnreadableStore(dataSource, parts.audit),
    changeStamps: new ChangeStampStore(dataSource),
    runLists: new RunListStore(dataSource),
    eventLists: new EventListStore(dataSource),
  };
}

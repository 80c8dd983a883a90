import type { DataSource } from 'typeorm';
import type { Accounts } from '../access/accounts.ts';
import type { ApiKeys } from '../access/api-keys.ts';
import type { Audit } from '../access/audit.ts';
import type { AuditListStore } from '../access/audit-list-store.ts';
import type { AuditSealStore } from '../access/audit-seal-store.ts';
import type { IdempotencyKeys } from '../access/idempotency-keys.ts';
import type { LanguageStore } from '../access/language-store.ts';
import type { LoginThrottle } from '../access/login-throttle.ts';
import type { SetupLink } from '../access/setup-link.ts';
import type { Stores } from '../access/stores.ts';
import type { Config } from '../config.ts';
import type { DeskStore } from '../inbox/desk-store.ts';
import type { EventListStore } from '../inbox/event-list-store.ts';
import type { EventStore } from '../inbox/event-store.ts';
import type { InboxWorker } from '../inbox/handle.ts';
import type { Intake } from '../inbox/intake.ts';
import type { Replays } from '../inbox/replays.ts';
import type { SpoolFiguresStore } from '../inbox/spool-figures-store.ts';
import type { TrayStore } from '../inbox/tray-store.ts';
import type { UnreadableStore } from '../inbox/unreadable-store.ts';
import type { AnalyticsStore } from '../integrations/analytics-store.ts';
import type { CensusStore } from '../integrations/census-store.ts';
import type { ChangeStampStore } from '../integrations/change-stamp-store.ts';
import type { Connect } from '../integrations/connect.ts';
import type { ConnectLinks } from '../integrations/connect-links.ts';
import type { FleetStore } from '../integrations/fleet-store.ts';
import type { IntegrationListStore } from '../integrations/integration-list-store.ts';
import type { IntegrationStore } from '../integrations/integration-store.ts';
import type { Integrations } from '../integrations/service.ts';
import type { SetUpStore } from '../integrations/set-up-store.ts';
import type { Tokens } from '../integrations/tokens.ts';
import type { WishStore } from '../integrations/wish-store.ts';
import type { Wishes } from '../integrations/wishes.ts';
import type { Log } from '../log.ts';
import type { Mail } from '../mail/mail.ts';
import type { MailStore } from '../mail/mail-store.ts';
import type { ChoiceStore } from '../notices/choice-store.ts';
import type { IncidentStore } from '../notices/incident-store.ts';
import type { NoticeLinks } from '../notices/notice-links.ts';
import type { Webhooks } from '../notices/webhooks.ts';
import type { AppValues } from '../plugins/app-values.ts';
import type { FormChecker } from '../plugins/form-check.ts';
import type { Registry } from '../plugins/registry.ts';
import type { SandboxHost } from '../plugins/sandbox.ts';
import type { TemplateOverrides } from '../plugins/template-overrides.ts';
import type { Deletions } from '../privacy/deletions.ts';
import type { Exports } from '../privacy/exports.ts';
import type { Retentions } from '../privacy/retention.ts';
import type { RecordStore } from '../records/record-store.ts';
import type { Bulk } from '../syncs/bulk.ts';
import type { BulkBatchStore } from '../syncs/bulk-batch-store.ts';
import type { RecordEdits } from '../syncs/record-edits.ts';
import type { RunHistoryStore } from '../syncs/run-history-store.ts';
import type { RunListStore } from '../syncs/run-list-store.ts';
import type { Syncs } from '../syncs/syncs.ts';
import type { KeyRing } from '../vault/key-ring.ts';
import type { RotationStore } from '../vault/rotation-store.ts';
import type { ActivityStore } from './activity-store.ts';
import type { Csrf } from './http/csrf.ts';
import type { Repeats } from './http/repeats.ts';
import type { HubFiguresStore } from './hub-figures-store.ts';
import type { LiveRuns } from './live-runs.ts';
import type { PeopleServices } from './people-services.ts';
import type { Views } from './views.ts';

/** What the wiring hands to the web room. */
export interface Services extends PeopleServices {
  readonly config: Config;
  readonly log: Log;
  readonly dataSource: DataSource;
  readonly accounts: Accounts;
  readonly stores: Stores;
  readonly apiKeys: ApiKeys;
  readonly languages: LanguageStore;
  readonly audit: Audit;
  readonly auditLog: AuditListStore;
  readonly auditSeals: AuditSealStore;
  readonly retentions: Retentions;
  readonly exports: Exports;
  readonly deletions: Deletions;
  readonly setupLink: SetupLink;
  readonly registry: Registry;
  readonly sandbox: SandboxHost;
  readonly templates: TemplateOverrides;
  /** The operator's own apps at the providers, as set on the admin pages. */
  readonly apps: AppValues;
  readonly forms: FormChecker;
  readonly wishes: Wishes;
  readonly wishList: Pick<WishStore, 'ofStore' | 'counts'>;
  readonly integrations: Integrations;
  readonly integrationStore: IntegrationStore;
  readonly census: CensusStore;
  readonly setUps: SetUpStore;
  readonly connect: Connect;
  readonly connectLinks: ConnectLinks;
  readonly tokens: Pick<Tokens, 'accessToken'>;
  readonly records: RecordStore;
  readonly intake: Intake;
  readonly inbox: InboxWorker;
  readonly events: EventStore;
  readonly replays: Replays;
  readonly syncs: Syncs;
  readonly recordEdits: RecordEdits;
  readonly bulk: Bulk;
  /** What operators ask for in several stores. */
  readonly bulkBatches: BulkBatchStore;
  readonly analytics: AnalyticsStore;
  readonly fleet: FleetStore;
  readonly hubFigures: HubFiguresStore;
  readonly desk: DeskStore;
  readonly trays: TrayStore;
  /** What was accepted and is not sorted into the lists yet. */
  readonly spoolFigures: SpoolFiguresStore;
  /** Of that, what nobody can read. */
  readonly unreadable: UnreadableStore;
  readonly changeStamps: ChangeStampStore;
  /** Pages of what callers of the API list. */
  readonly runLists: RunListStore;
  readonly eventLists: EventListStore;
  readonly integrationLists: IntegrationListStore;
  readonly idempotencyKeys: IdempotencyKeys;
  readonly history: RunHistoryStore;
  readonly mail: Mail;
  readonly mails: MailStore;
  readonly ring: Pick<KeyRing, 'currentKid'>;
  readonly rotations: Pick<RotationStore, 'last'>;
  readonly noticeChoices: ChoiceStore;
  readonly noticeLinks: NoticeLinks;
  readonly incidents: IncidentStore;
  /** What happened in a store, from all that keeps it. */
  readonly activity: ActivityStore;
  /** Of a store, to its own systems. */
  readonly webhooks: Webhooks;
}

/** What every handler gets. */
export interface Web extends Services {
  readonly views: Views;
  readonly csrf: Csrf;
  readonly throttle: LoginThrottle;
  /** Counts mails that are asked for by who is not signed in. */
  readonly mailThrottle: LoginThrottle;
  readonly live: LiveRuns;
  readonly repeats: Repeats;
}

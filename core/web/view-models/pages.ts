import type { ActionPage } from './action-page.ts';
import type { ActivityPage } from './activity-page.ts';
import type { AdminBulkPage } from './admin-bulk.ts';
import type { AdminEventsPage } from './admin-events.ts';
import type { AdminIntegrationsPage } from './admin-integrations.ts';
import type { AdminMailPage } from './admin-mail-page.ts';
import type { AdminOverviewPage } from './admin-overview.ts';
import type { AdminPluginPage } from './admin-plugin.ts';
import type { AdminPluginsPage } from './admin-plugins.ts';
import type { AdminRulesPage } from './admin-rules.ts';
import type { AdminUnreadablePage } from './admin-unreadable.ts';
import type { AuditPageView } from './audit-page.ts';
import type { IntegrationsPage } from './cards-view.ts';
import type { ConfigurePage } from './configure-view.ts';
import type { ConnectLinkPage } from './connect-link-page.ts';
import type { DashboardPage } from './dashboard-page.ts';
import type { DetailsPage } from './details-view.ts';
import type { DisconnectPage } from './disconnect-view.ts';
import type { EventPage } from './event-page.ts';
import type { FieldView } from './form-view.ts';
import type { MessagesPage } from './messages-page.ts';
import type { NoticeStopPage, NoticesPage, WebhookPage, WebhooksPage } from './notices-page.ts';
import type { PeoplePages } from './people-pages.ts';
import type { PluginPage } from './plugin-view.ts';
import type { PreviewPage } from './preview-page.ts';
import type { AdminDeletionsPage, PrivacyPage, StoreDeletionPage } from './privacy-page.ts';
import type { RecordsPage } from './records-view.ts';
import type { RunDetailsPage } from './run-page.ts';
import type { RunsPage } from './runs-page.ts';
import type { SandboxPage } from './sandbox-view.ts';
import type { FirstSyncPage } from './wizard-sync.ts';

/** What surrounds every page. */
export interface Shell {
  /** Token for the hidden field `_csrf` of every form. */
  readonly csrf: string;
  readonly title: string;
  readonly user?: { readonly email: string; readonly operator: boolean } | undefined;
  /** The store the pages are about. */
  readonly store?: { readonly slug: string; readonly name: string } | undefined;
  /** Stores the user may switch to. */
  readonly stores?: readonly { readonly slug: string; readonly name: string }[] | undefined;
  readonly flash?: Flash | undefined;
  /** Show the ribbon: what is seen here is simulated. */
  readonly sandbox?: boolean | undefined;
  /** Seconds after which a browser without JavaScript loads the page again. */
  readonly refresh?: number | undefined;
  /** What lets the scripts of this very answer run. */
  readonly nonce?: string | undefined;
  /** Where the page is, for the way back after switching stores. */
  readonly path?: string | undefined;
}

/** One sentence that says what happened, kept for the next page only. */
export interface Flash {
  readonly kind: 'good' | 'warn' | 'bad' | 'note';
  readonly text: string;
}

export interface LoginPage {
  readonly email: string;
  /** Where to go afterwards; a path of ours. */
  readonly next: string;
  readonly error: string | undefined;
}

export interface SetupPage {
  readonly token: string;
  readonly email: string;
  readonly storeName: string;
  /** Field name (`email`, `password`, `storeName`, or `token` for the link itself) → sentence. */
  readonly errors: Readonly<Record<string, string>>;
}

export interface StoresPage {
  readonly stores: readonly { readonly slug: string; readonly name: string; readonly role: string; readonly current: boolean }[];
  readonly next: string;
}

export interface ErrorPage {
  readonly heading: string;
  readonly message: string;
  /** Names the log line of this failure, where there is one. */
  readonly id: string | undefined;
  readonly back: { readonly href: string; readonly text: string };
}

export interface AdminNewCardPage {
  readonly fields: readonly FieldView[];
  readonly error: string | undefined;
}

/** Page template → its model. */
export interface Pages extends PeoplePages {
  readonly login: LoginPage;
  readonly setup: SetupPage;
  readonly stores: StoresPage;
  readonly error: ErrorPage;
  readonly 'connect-link': ConnectLinkPage;
  readonly integrations: IntegrationsPage;
  readonly dashboard: DashboardPage;
  readonly plugin: PluginPage;
  readonly details: DetailsPage;
  readonly configure: ConfigurePage;
  readonly 'first-sync': FirstSyncPage;
  readonly action: ActionPage;
  readonly disconnect: DisconnectPage;
  readonly remove: DisconnectPage;
  readonly event: EventPage;
  readonly messages: MessagesPage;
  readonly 'messages-preview': PreviewPage;
  readonly records: RecordsPage;
  readonly runs: RunsPage;
  readonly run: RunDetailsPage;
  readonly sandbox: SandboxPage;
  readonly activity: ActivityPage;
  readonly audit: AuditPageView;
  readonly privacy: PrivacyPage;
  readonly 'store-deletion': StoreDeletionPage;
  readonly 'admin-deletions': AdminDeletionsPage;
  readonly 'admin-overview': AdminOverviewPage;
  readonly 'admin-integrations': AdminIntegrationsPage;
  readonly 'admin-bulk': AdminBulkPage;
  readonly 'admin-events': AdminEventsPage & { readonly isSetAside: boolean };
  readonly 'admin-unreadable': AdminUnreadablePage;
  readonly 'admin-plugins': AdminPluginsPage;
  readonly 'admin-plugin': AdminPluginPage;
  readonly 'admin-new-card': AdminNewCardPage;
  readonly 'admin-rules': AdminRulesPage;
  readonly notices: NoticesPage;
  readonly 'notice-stop': NoticeStopPage;
  readonly webhooks: WebhooksPage;
  readonly webhook: WebhookPage;
  readonly 'admin-mail': AdminMailPage;
}

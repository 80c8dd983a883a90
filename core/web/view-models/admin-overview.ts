import type { Analytics } from '../../integrations/analytics-store.ts';
import type { Census } from '../../integrations/census-store.ts';
import type { FleetFigures } from '../../integrations/fleet-store.ts';
import type { PostMode } from '../../mail/post.ts';
import type { HubTotals } from '../hub-figures-store.ts';
import { number } from '../words/format.ts';
import { t } from '../words/texts.ts';
import type { AdminPluginRow } from './admin-plugins.ts';
import { type FiguresView, figuresView } from './dashboard-figures.ts';
import { type FleetLine, fleetLines } from './fleet-figures.ts';
import { type SystemCheck, type SystemInput, systemHealth } from './system-health.ts';

export interface AdminFact {
  readonly label: string;
  readonly value: string;
}

export interface AdminOverviewPage extends FiguresView {
  readonly days: number;
  readonly byStore: readonly FleetLine[];
  /** That fare no worse than these. */
  readonly moreStores: number;
  readonly byPlugin: readonly FleetLine[];
  readonly health: readonly SystemCheck[];
  readonly links: readonly { readonly href: string; readonly title: string; readonly text: string }[];
  /** Plugins a person must look at. */
  readonly troubled: readonly AdminPluginRow[];
  readonly facts: readonly AdminFact[];
}

export interface OverviewInput {
  readonly rows: readonly AdminPluginRow[];
  readonly census: readonly Census[];
  readonly figures: HubTotals;
  readonly analytics: Analytics;
  readonly byStore: { readonly figures: readonly FleetFigures[]; readonly more: number };
  readonly byPlugin: readonly FleetFigures[];
  readonly system: Omit<SystemInput, 'plugins' | 'mail'>;
  readonly mail: { readonly mode: PostMode; readonly dead: number };
  /** Settings worth knowing, in words. */
  readonly settings: readonly AdminFact[];
}

export function adminOverview(input: OverviewInput): AdminOverviewPage {
  const { rows, mail, analytics, byStore, byPlugin, system } = input;
  const troubled = rows.filter(({ state, failures }) => state === 'needs-attention' || state === 'unavailable' || failures > 0);
  const running = rows.filter(({ state }) => state === 'connected').length;
  return {
    ...figuresView(analytics),
    days: analytics.days,
    byStore: fleetLines('store', byStore.figures),
    moreStores: byStore.more,
    byPlugin: fleetLines('plugin', byPlugin, ({ of }) => rows.find(({ id }) => id === of)?.name ?? of),
    health: systemHealth({ ...system, mail, plugins: { running, troubled: troubled.length } }),
    links: linksOf(input),
    troubled,
    facts: factsOf(input),
  };
}

function linksOf({ rows, figures, mail, census }: OverviewInput): AdminOverviewPage['links'] {
  const stranded = figures.strandedEvents;
  return [
    { href: '/admin/integrations', title: t('fleet.title'), text: integrationsText(census) },
    { href: '/admin/plugins', title: t('admin.plugins'), text: t('admin.pluginsSays', { count: rows.length }) },
    {
      href: '/admin/events',
      title: t('details.messages'),
      text: stranded > 0 ? t('admin.messagesNeed', { count: stranded }) : t('admin.messagesNone'),
    },
    { href: '/admin/audit', title: t('audit.title'), text: t('admin.auditSays') },
    { href: '/admin/deletions', title: t('admin.deletions'), text: t('admin.deletionsSays') },
    { href: '/admin/mail', title: t('mail.title'), text: mailText(mail) },
    { href: '/admin/users', title: t('users.title'), text: t('users.overview.users') },
    { href: '/admin/stores', title: t('users.storesTitle'), text: t('users.overview.stores') },
    { href: '/admin/keys', title: t('users.keysTitle'), text: t('users.overview.keys') },
  ];
}

function factsOf({ figures, census, settings }: OverviewInput): AdminFact[] {
  return [
    { label: t('admin.stores'), value: number(figures.stores) },
    { label: t('admin.users'), value: number(figures.users) },
    { label: t('frame.integrations'), value: integrationsText(census) },
    { label: t('admin.waiting'), value: number(figures.waitingEvents) },
    { label: t('admin.runningSyncs'), value: number(figures.runningSyncs) },
    ...settings,
  ];
}

function integrationsText(census: readonly Census[]): string {
  const sum = (status: keyof Census) => census.reduce((total, one) => total + one[status], 0);
  const [total, attention] = [sum('total'), sum('error')];
  return attention > 0 ? t('admin.integrationsNeed', { total, attention }) : number(total);
}

/** Without a server mails are not lost in silence: it is said here. */
function mailText({ mode, dead }: OverviewInput['mail']): string {
  if (mode === 'off') return t('mail.overview.off');
  return dead > 0 ? t('mail.overview.dead', { count: dead }) : t('mail.overview.on');
}

import type { Census } from '../../integrations/census-store.ts';
import { t } from '../texts.ts';
import { number } from '../words.ts';
import type { AdminPluginRow } from './admin-plugins.ts';

export interface AdminFact {
  readonly label: string;
  readonly value: string;
}

export interface AdminOverviewPage {
  readonly links: readonly { readonly href: string; readonly title: string; readonly text: string }[];
  /** Plugins a person must look at. */
  readonly troubled: readonly AdminPluginRow[];
  readonly facts: readonly AdminFact[];
}

/** Figures of the whole hub. */
export interface SystemFigures {
  readonly stores: number;
  readonly users: number;
  readonly waitingEvents: number;
  /** Failed, kept, or nobody's. */
  readonly strandedEvents: number;
  readonly runningSyncs: number;
}

export interface OverviewInput {
  readonly rows: readonly AdminPluginRow[];
  readonly census: readonly Census[];
  readonly figures: SystemFigures;
  readonly mail: { readonly off: boolean; readonly dead: number };
  /** Settings worth knowing, in words. */
  readonly settings: readonly AdminFact[];
}

export function adminOverview({ rows, census, figures, mail, settings }: OverviewInput): AdminOverviewPage {
  const sum = (status: keyof Census) => census.reduce((total, one) => total + one[status], 0);
  const [total, attention] = [sum('total'), sum('error')];
  return {
    links: [
      {
        href: '/admin/plugins',
        title: t('admin.plugins'),
        text: t('admin.pluginsSays', { count: rows.length }),
      },
      {
        href: '/admin/events',
        title: t('details.messages'),
        text: figures.strandedEvents > 0 ? t('admin.messagesNeed', { count: figures.strandedEvents }) : t('admin.messagesNone'),
      },
      { href: '/admin/audit', title: t('audit.title'), text: t('admin.auditSays') },
      { href: '/admin/deletions', title: t('admin.deletions'), text: t('admin.deletionsSays') },
      { href: '/admin/mail', title: t('mail.title'), text: mailText(mail) },
      { href: '/admin/users', title: t('users.title'), text: t('users.overview.users') },
      { href: '/admin/stores', title: t('users.storesTitle'), text: t('users.overview.stores') },
      { href: '/admin/keys', title: t('users.keysTitle'), text: t('users.overview.keys') },
      { href: '/admin/templates/new', title: t('admin.newCard'), text: t('admin.newCardSays') },
    ],
    troubled: rows.filter(({ state, failures }) => state === 'needs-attention' || state === 'unavailable' || failures > 0),
    facts: [
      { label: t('admin.stores'), value: number(figures.stores) },
      { label: t('admin.users'), value: number(figures.users) },
      {
        label: t('frame.integrations'),
        value: attention > 0 ? t('admin.integrationsNeed', { total, attention }) : number(total),
      },
      { label: t('admin.waiting'), value: number(figures.waitingEvents) },
      { label: t('admin.runningSyncs'), value: number(figures.runningSyncs) },
      ...settings,
    ],
  };
}

/** Without a server mails are not lost in silence: it is said here. */
function mailText({ off, dead }: OverviewInput['mail']): string {
  if (off) return t('mail.overview.off');
  return dead > 0 ? t('mail.overview.dead', { count: dead }) : t('mail.overview.on');
}

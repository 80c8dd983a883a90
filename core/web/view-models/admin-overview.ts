import type { Census } from '../../integrations/census-store.ts';
import { number, plural } from '../words.ts';
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
  /** Settings worth knowing, in words. */
  readonly settings: readonly AdminFact[];
}

export function adminOverview({ rows, census, figures, settings }: OverviewInput): AdminOverviewPage {
  const sum = (status: keyof Census) => census.reduce((total, one) => total + one[status], 0);
  const [total, attention] = [sum('total'), sum('error')];
  return {
    links: [
      {
        href: '/admin/plugins',
        title: 'Plugins',
        text: `${plural(rows.length, 'card')}: states, texts, app credentials, on and off`,
      },
      {
        href: '/admin/events',
        title: 'Messages',
        text:
          figures.strandedEvents > 0
            ? `${plural(figures.strandedEvents, 'message')} need somebody`
            : 'What providers sent and could not be finished: none',
      },
      { href: '/admin/audit', title: 'Audit log', text: 'Who changed what, and who opened a credential, in all stores' },
      { href: '/admin/deletions', title: 'Deleted stores', text: 'The proofs of what was removed' },
      { href: '/admin/templates/new', title: 'New card', text: 'Show that an integration is planned, before there is a plugin' },
    ],
    troubled: rows.filter(({ state, failures }) => state === 'needs-attention' || state === 'unavailable' || failures > 0),
    facts: [
      { label: 'Stores', value: number(figures.stores) },
      { label: 'Users', value: number(figures.users) },
      {
        label: 'Integrations',
        value: attention > 0 ? `${number(total)}, ${number(attention)} of them need attention` : number(total),
      },
      { label: 'Events that wait', value: number(figures.waitingEvents) },
      { label: 'Syncs under way', value: number(figures.runningSyncs) },
      ...settings,
    ],
  };
}

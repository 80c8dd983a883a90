import type { Analytics } from '../../integrations/analytics-store.ts';
import type { Health } from '../../integrations/health.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import type { ConnectionView, Step } from './connection-view.ts';
import { type FiguresView, figuresView } from './dashboard-figures.ts';
import type { StateView } from './state-view.ts';

export interface DashboardPage extends FiguresView {
  /** Those a person must see to, worst first. */
  readonly attention: readonly AttentionView[];
  /** How it stands, in one sentence. */
  readonly says: string;
  readonly empty: boolean;
  /** Connections whose set-up was left before its end. */
  readonly unfinished?: readonly Step[];
  readonly canManage: boolean;
  readonly days: number;
}

/** One integration that wants somebody, and the one button that mends it. */
export interface AttentionView extends StateView {
  readonly id: string;
  readonly href: string;
  readonly called: string;
  readonly name: string;
  readonly picture: string | undefined;
  readonly message: string | undefined;
  readonly mend: MendView | undefined;
  /** Only an owner may do it, and the viewer is none. */
  readonly askOwner: boolean;
}

export interface MendView {
  /** A link opens the page that mends it; a form does it at once. */
  readonly by: 'link' | 'form';
  readonly href: string;
  readonly text: string;
  /** With the name of what it mends, for people who only hear it. */
  readonly full: string;
}

export interface Troubled {
  readonly integration: Pick<Integration, 'pluginId' | 'id'>;
  readonly plugin: { readonly name: string; readonly picture: string | undefined };
  readonly view: ConnectionView;
  readonly health: Pick<Health, 'reason' | 'fix'>;
}

export interface DashboardInput {
  readonly troubled: readonly Troubled[];
  readonly working: number;
  readonly total: number;
  readonly analytics: Analytics;
  readonly manage: boolean;
}

const URGENCY = ['needs-attention', 'unavailable', 'degraded', 'connecting'];

/** Does an integration of this state belong on the list of those that want somebody? */
export function wantsSomebody({ state }: Pick<ConnectionView, 'state'>): boolean {
  return URGENCY.includes(state);
}

export function dashboardPage({ troubled, working, total, analytics, manage }: DashboardInput): DashboardPage {
  const attention = troubled
    .map((one) => attentionView(one, manage))
    .toSorted((one, other) => URGENCY.indexOf(one.state) - URGENCY.indexOf(other.state));
  return {
    ...figuresView(analytics),
    attention,
    says:
      attention.length > 0 ? t('dashboard.needs', { count: attention.length, working }) : t('dashboard.well', { count: working }),
    empty: total === 0,
    canManage: manage,
    days: analytics.days,
  };
}

function attentionView({ integration, plugin, view, health }: Troubled, manage: boolean): AttentionView {
  const { id, href, called, state, text, icon } = view;
  const mend = mendOf({ integration, view, health });
  const allowed = manage || mend?.by === 'form';
  return {
    ...{ id, href, called, state, text, icon, ...plugin },
    message: saidIf(health.reason) ?? undefined,
    mend: allowed ? mend : undefined,
    askOwner: !allowed && mend !== undefined,
  };
}

/** What a person would do first. Undefined where only the operator can do something. */
function mendOf({ integration, view, health }: Omit<Troubled, 'plugin'>): MendView | undefined {
  const { href, called: name, fix, state } = view;
  if (state === 'unavailable') return undefined;
  if (state === 'connecting') {
    const page = `/integrations/${integration.pluginId}`;
    return { by: 'link', href: page, text: t('dashboard.finish'), full: t('dashboard.finishOne', { name }) };
  }
  if (fix) return { by: 'link', ...fix };
  const by = health.fix?.by;
  if (by === 'test')
    return { by: 'form', href: `${href}/test`, text: t('dashboard.test'), full: t('dashboard.testOne', { name }) };
  if (by === 'sync')
    return { by: 'form', href: `${href}/sync`, text: t('cards.syncAgain'), full: t('cards.syncAgainOne', { name }) };
  return { by: 'link', href, text: t('dashboard.look'), full: t('dashboard.lookOne', { name }) };
}

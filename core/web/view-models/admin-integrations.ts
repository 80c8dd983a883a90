import type { StoreView } from '../../access/stores.ts';
import { integrationState, isUsable } from '../../integrations/card.ts';
import { FLEET_STATES, type FleetRow, type FleetState } from '../../integrations/fleet-store.ts';
import type { Health } from '../../integrations/health.ts';
import type { Template } from '../../plugins/registry.ts';
import type { BatchSummary } from '../../syncs/bulk-batch-store.ts';
import { BULK_ACTIONS } from '../../syncs/bulk-store.ts';
import { filterQuery } from '../http/filter-query.ts';
import { t } from '../words/texts.ts';
import { reasonBeside, type StateView, stateView } from './state-view.ts';

/** As the address of the page says it; blank: any. */
export interface FleetQuery {
  readonly store: string;
  readonly plugin: string;
  readonly state: FleetState | '';
  readonly page: number;
}

interface Choice {
  readonly value: string;
  readonly text: string;
  readonly chosen: boolean;
}

export interface AdminIntegrationsPage {
  readonly query: FleetQuery;
  readonly filtered: boolean;
  readonly stores: readonly Choice[];
  readonly plugins: readonly Choice[];
  readonly states: readonly Choice[];
  readonly rows: readonly FleetRowView[];
  readonly total: number;
  /** There are more than this page shows. */
  readonly more: boolean;
  readonly newerHref: string | undefined;
  readonly olderHref: string | undefined;
  readonly actions: readonly { readonly value: string; readonly text: string }[];
  readonly batches: readonly BatchLink[];
}

interface FleetRowView extends StateView, Pick<FleetRow, 'id' | 'store' | 'lastSyncedAt'> {
  readonly plugin: string;
  readonly called: string;
  readonly message: string | undefined;
}

interface BatchLink {
  readonly href: string;
  readonly text: string;
  readonly at: Date;
  readonly says: string;
}

export interface FleetInput {
  readonly query: FleetQuery;
  readonly rows: readonly FleetRow[];
  /** By id of the integration. */
  readonly healths: ReadonlyMap<string, Pick<Health, 'state' | 'reason'>>;
  readonly total: number;
  readonly stores: readonly Pick<StoreView, 'id' | 'name'>[];
  readonly templates: readonly Template[];
  readonly batches: readonly BatchSummary[];
}

export const FLEET_PAGE = 100;

export function fleetHref(query: FleetQuery): string {
  return `/admin/integrations?${filterQuery(query)}`;
}

export function adminIntegrations(input: FleetInput): AdminIntegrationsPage {
  const { query, rows, total, stores, templates, batches } = input;
  const choice = (value: string, text: string, current: string): Choice => ({ value, text, chosen: value === current });
  const last = query.page * FLEET_PAGE >= total;
  return {
    query,
    filtered: filterQuery({ ...query, page: 1 }) !== '',
    stores: stores.map(({ id, name }) => choice(id, name, query.store)),
    plugins: templates.map(({ id, name }) => choice(id, name, query.plugin)),
    states: FLEET_STATES.map((state) => choice(state, filterText(state), query.state)),
    rows: rows.map((row) => rowView(row, input)),
    total,
    more: total > rows.length,
    newerHref: query.page > 1 ? fleetHref({ ...query, page: query.page - 1 }) : undefined,
    olderHref: last ? undefined : fleetHref({ ...query, page: query.page + 1 }),
    actions: BULK_ACTIONS.map((value) => ({ value, text: t(`fleet.action.${value}`) })),
    batches: batches.map((one) => ({
      href: `/admin/bulk/${one.batch}`,
      text: t(`fleet.action.${one.action}`),
      at: one.createdAt,
      says: t('fleet.far', { done: one.total - one.waiting, total: one.total }),
    })),
  };
}

const CARD_STATES = { paused: 'paused', error: 'needs-attention', pending: 'connecting', disconnected: 'disconnected' } as const;

/** In the words of the rows; those that are active may work as a whole or in part. */
function filterText(state: FleetState): string {
  return state === 'active' ? t('fleet.working') : stateView(CARD_STATES[state]).text;
}

function rowView(row: FleetRow, { templates, healths }: FleetInput): FleetRowView {
  const { id, store, pluginId, name, account, status, enabled, lastSyncedAt } = row;
  const template = templates.find((one) => one.id === pluginId);
  // Gone since it was listed.
  const health = healths.get(id) ?? { state: 'good' as const, reason: null };
  const state = integrationState({ status, enabled, health }, template !== undefined && isUsable(template));
  return {
    ...stateView(state),
    ...{ id, store, lastSyncedAt },
    plugin: template?.name ?? pluginId,
    called: account ?? name,
    message: reasonBeside(state, health),
  };
}

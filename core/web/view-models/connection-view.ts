import { integrationState, isUsable, isWorking } from '../../integrations/card.ts';
import type { Health } from '../../integrations/health.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { readsAny } from '../../integrations/readable.ts';
import type { Template } from '../../plugins/registry.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { reasonBeside, type StateView, stateView } from './state-view.ts';
import { countOf, inOrder, streamTitle } from './stream-words.ts';

/** The next step: a link, with words that also name its object for people who only hear it. */
export interface Step {
  readonly href: string;
  readonly text: string;
  readonly full: string;
}

/** One of the store's integrations, as its plugin's card lists it. */
export interface ConnectionView extends StateView, Pick<Integration, 'status' | 'enabled'> {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly account: string | undefined;
  /** Whose account it is where it is called otherwise, and among others of its plugin the end of the provider's own number. */
  readonly reference: string | undefined;
  /** Names it among others of its plugin, for people who only hear a button: `Blue Fitness on Acme`. */
  readonly called: string;
  /** `3,412 contacts`, `12 calendars`. */
  readonly counts: readonly string[];
  readonly lastSynced: Date | undefined;
  /** What happened, where it needs attention or does less than it should. */
  readonly message: string | undefined;
  readonly fix: Step | undefined;
  /** May be asked to do something, however well it is. */
  readonly works: boolean;
  /** As cards count it. */
  readonly health: Pick<Health, 'state' | 'reason'>;
  /** There is something to sync: not so for keys that are for acting only. */
  readonly syncs: boolean;
  readonly canSync: boolean;
  readonly syncing: boolean;
  /** How far its sync is, where one is at work. */
  readonly progress: string | undefined;
  readonly sandbox: boolean;
  /** The account is for tries: no real money, no real customers. */
  readonly testMode: boolean;
  /** Where the provider knows both kinds, and there are several connections to tell apart. */
  readonly liveMode: boolean;
}

/** What says how it is to be mended. */
type Mendable = Pick<Health, 'fix' | 'todo'> & Partial<Pick<Health, 'state' | 'webhooks'>>;

/** The page that mends it; what a button beside it does needs none. */
export function fixOf({ pluginId, id, name }: Integration, { fix, todo, state, webhooks }: Mendable): Step | undefined {
  const base = `/integrations/${pluginId}/${id}`;
  if (!fix && state === 'degraded' && webhooks && webhooks.dead > 0)
    return { href: `${base}/events?state=dead`, text: t('dashboard.seeMessages'), full: t('dashboard.messagesOne', { name }) };
  if (fix?.by === 'reconnect')
    return { href: `${base}/reconnect`, text: t('cards.reconnect'), full: t('cards.reconnectOne', { name }) };
  if (fix?.by !== 'settings') return undefined;
  const step = saidIf(todo.find(({ field }) => field === fix.field)?.step);
  if (step === undefined)
    return { href: `${base}/configure`, text: t('cards.configure'), full: t('cards.configureOne', { name }) };
  return { href: `${base}/configure#config-${fix.field}`, text: step, full: t('cards.stepFor', { step, name }) };
}

export interface ConnectionInput {
  readonly template: Template;
  readonly integration: Integration;
  /** Stream → how many records the hub holds; the provider's own figures stand in where it holds none yet. */
  readonly counts: Readonly<Record<string, number>>;
  readonly syncing: boolean;
  readonly progress?: string | undefined;
  readonly health: Pick<Health, 'state' | 'reason'> & Mendable;
  /** The store has others of this plugin. */
  readonly several?: boolean;
}

export function connectionView({
  template,
  integration,
  counts,
  syncing,
  progress,
  health,
  several = false,
}: ConnectionInput): ConnectionView {
  const { status, enabled } = integration;
  const reference = referenceOf(integration, several);
  const state = integrationState({ status, enabled, health }, isUsable(template));
  const works = isWorking({ status, enabled }, isUsable(template));
  // The provider's own figures would deny, after a disconnection, that the records here were deleted.
  const told = Object.keys(counts).length === 0 && state !== 'disconnected';
  const shown = told ? integration.counts : counts;
  const syncs = readsAny(template.loaded?.plugin.handlers?.streams, integration.method);
  return {
    ...stateView(state),
    status,
    enabled,
    works,
    health: { state: health.state, reason: health.reason },
    id: integration.id,
    href: `/integrations/${integration.pluginId}/${integration.id}`,
    name: integration.name,
    account: integration.account?.label,
    reference,
    called: integration.account ? calledOf(integration.name, reference, template.name) : integration.name,
    counts: inOrder(template, shown).map(([stream, count]) => countOf(streamTitle(template, stream), count)),
    lastSynced: integration.lastSyncedAt,
    message: reasonBeside(state, health),
    fix: state === 'unavailable' ? undefined : fixOf(integration, health),
    syncs,
    canSync: works && syncs,
    syncing: syncing && works,
    progress,
    sandbox: integration.sandbox,
    testMode: integration.account?.mode === 'test',
    liveMode: several && integration.account?.mode === 'live',
  };
}

function calledOf(name: string, reference: string | undefined, plugin: string): string {
  return t('cards.called', { account: reference ? `${name} (${reference})` : name, plugin });
}

function referenceOf({ account, name }: Integration, several: boolean): string | undefined {
  if (!account) return undefined;
  const number = account.externalId.length > 12 ? `…${account.externalId.slice(-8)}` : account.externalId;
  const parts = [...(name === account.label ? [] : [account.label]), ...(several ? [number] : [])];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

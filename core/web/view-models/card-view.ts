import { cardOf, integrationState, isUsable, isWorking } from '../../integrations/card.ts';
import type { Health } from '../../integrations/health.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { readsAny } from '../../integrations/readable.ts';
import type { Template } from '../../plugins/registry.ts';
import { isShown } from '../card.ts';
import { lowered, number, plural, words } from '../words/format.ts';
import { counted } from '../words/plugin-texts.ts';
import { reader } from '../words/reader.ts';
import { saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { reasonBeside, type StateView, stateView } from './state-view.ts';

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

export interface CardView extends StateView {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  readonly picture: string | undefined;
  readonly connections: readonly ConnectionView[];
  /** Why it cannot be used: for operators only. */
  readonly reason: string | undefined;
  readonly canConnect: boolean;
  /** How the store is told when it comes; undefined where it does not wait for it. */
  readonly waits: string | undefined;
  /** How many stores wait for it: for operators only. */
  readonly waiting: number;
  /** What a search looks at, in lower case. */
  readonly search: string;
}

export interface Viewer {
  readonly operator: boolean;
  /** May connect, configure and disconnect. */
  readonly manage: boolean;
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

/** The stream's own title (`Contacts`), or words made of its name. */
export function streamTitle(template: Pick<Template, 'loaded'>, stream: string): string {
  return template.loaded?.plugin.handlers?.streams?.[stream]?.title ?? words(stream);
}

/** `3,412 contacts`; a title is a plural, so one of them needs its singular. */
export function countOf(title: string, count: number): string {
  // Only English makes its singulars so that a rule finds them; for another language the plugin may bring a message.
  if (reader().locale !== 'en') return counted(title, count) ?? t('words.countOf', { title, count: number(count) });
  const many = lowered(title);
  const one = many.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
  return plural(count, one, many);
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

/** As the plugin lists its streams; what it does not list comes last. */
export function inOrder(template: Template, counts: Readonly<Record<string, number>>): [string, number][] {
  const order = Object.keys(template.loaded?.plugin.handlers?.streams ?? {});
  const rank = (stream: string) => (order.includes(stream) ? order.indexOf(stream) : order.length);
  return Object.entries(counts).sort(([one], [other]) => rank(one) - rank(other));
}

/** The card of a plugin; undefined where this viewer has nothing to see of it. */
export function cardView(template: Template, connections: readonly ConnectionView[], viewer: Viewer): CardView | undefined {
  if (!isShown(template, connections.length, viewer.operator)) return undefined;
  const { state, operatorReason } = cardOf(template, connections);
  const face = stateView(state);
  const own = connections.flatMap(({ name, account, reference, text }) => [name, account ?? '', reference ?? '', text]);
  return {
    ...face,
    id: template.id,
    href: `/integrations/${encodeURIComponent(template.id)}`,
    name: template.name,
    summary: template.summary,
    category: template.category,
    picture: iconUrl(template),
    connections,
    reason: viewer.operator ? operatorReason : undefined,
    waits: undefined,
    waiting: 0,
    canConnect: viewer.manage && template.active && isUsable(template),
    search: [template.name, template.summary, template.category, face.text, ...own].join(' ').toLowerCase(),
  };
}

/** The address of the plugin's drawing; it changes with the drawing, so that browsers may keep it. */
export function iconUrl({ id, icon, iconVersion }: Pick<Template, 'id' | 'icon' | 'iconVersion'>): string | undefined {
  return icon === undefined ? undefined : `/assets/plugins/${encodeURIComponent(id)}/icon.svg?v=${iconVersion}`;
}

import type { Integration } from '../../integrations/integration-store.ts';
import type { Template } from '../../plugins/registry.ts';
import type { ErrorCode } from '../../sdk/index.ts';
import type { IconName } from '../icons.ts';
import { plural, words } from '../words.ts';

/** What a card or a connection is in; each has a colour, an icon and words. */
export type State = 'soon' | 'connect' | 'connecting' | 'connected' | 'paused' | 'attention' | 'disconnected' | 'unavailable';

export interface StateView {
  readonly state: State;
  readonly text: string;
  readonly icon: IconName;
}

/** The next step: a link, with words that also name its object for people who only hear it. */
export interface Step {
  readonly href: string;
  readonly text: string;
  readonly full: string;
}

/** One of the store's integrations, as its plugin's card lists it. */
export interface ConnectionView extends StateView {
  readonly id: string;
  readonly href: string;
  readonly name: string;
  readonly account: string | undefined;
  /** `3,412 contacts`, `12 calendars`. */
  readonly counts: readonly string[];
  readonly lastSynced: Date | undefined;
  /** What happened, where it needs attention. */
  readonly message: string | undefined;
  readonly fix: Step | undefined;
  readonly canSync: boolean;
  readonly syncing: boolean;
  readonly sandbox: boolean;
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
  /** What a search looks at, in lower case. */
  readonly search: string;
}

export interface Viewer {
  readonly operator: boolean;
  /** May connect, configure and disconnect. */
  readonly manage: boolean;
}

const STATES: Readonly<Record<State, Omit<StateView, 'state'>>> = {
  soon: { text: 'Coming soon', icon: 'soon' },
  connect: { text: 'Not connected', icon: 'plug' },
  connecting: { text: 'Connecting', icon: 'wait' },
  connected: { text: 'Connected', icon: 'check' },
  paused: { text: 'Paused', icon: 'off' },
  attention: { text: 'Needs attention', icon: 'alert' },
  disconnected: { text: 'Disconnected', icon: 'off' },
  unavailable: { text: 'Unavailable', icon: 'fault' },
};

export function stateView(state: State): StateView {
  return { state, ...STATES[state] };
}

export function isUsable(template: Pick<Template, 'state' | 'loaded'>): boolean {
  return template.state === 'ready' || (template.state === 'failed' && template.loaded !== undefined);
}

export function connectionState(integration: Pick<Integration, 'status' | 'enabled'>, usable: boolean): State {
  if (integration.status === 'disconnected') return 'disconnected';
  if (!usable) return 'unavailable';
  if (integration.status === 'pending') return 'connecting';
  if (integration.status === 'error') return 'attention';
  return integration.enabled ? 'connected' : 'paused';
}

/** What mends a connection that needs attention; anything unclear is mended by connecting again. */
export function fixOf(integration: Integration, state: State): Step | undefined {
  const base = `/integrations/${integration.pluginId}/${integration.id}`;
  if (state === 'attention' && (integration.reasonCode as ErrorCode) === 'CONFIG_SCHEMA_INVALID') {
    return { href: `${base}/configure`, text: 'Configure', full: `Configure ${integration.name}` };
  }
  if (state === 'attention' || state === 'disconnected') {
    return { href: `${base}/reconnect`, text: 'Reconnect', full: `Reconnect ${integration.name}` };
  }
  return undefined;
}

/** The stream's own title (`Contacts`), or words made of its name. */
export function streamTitle(template: Pick<Template, 'loaded'>, stream: string): string {
  return template.loaded?.plugin.handlers?.streams?.[stream]?.title ?? words(stream);
}

/** `3,412 contacts`; a title is a plural, so one of them needs its singular. */
export function countOf(title: string, count: number): string {
  const many = /^[A-Z][A-Z]/.test(title) ? title : title.charAt(0).toLowerCase() + title.slice(1);
  const one = many.replace(/ies$/, 'y').replace(/(?<=[^s])s$/, '');
  return plural(count, one, many);
}

export interface ConnectionInput {
  readonly template: Template;
  readonly integration: Integration;
  /** Stream → how many records the hub holds; the provider's own figures stand in where it holds none. */
  readonly counts: Readonly<Record<string, number>>;
  readonly syncing: boolean;
}

export function connectionView({ template, integration, counts, syncing }: ConnectionInput): ConnectionView {
  const state = connectionState(integration, isUsable(template));
  const shown = Object.keys(counts).length > 0 ? counts : integration.counts;
  const bad = state === 'attention' || state === 'disconnected';
  return {
    ...stateView(state),
    id: integration.id,
    href: `/integrations/${integration.pluginId}/${integration.id}`,
    name: integration.name,
    account: integration.account?.label,
    counts: Object.entries(shown).map(([stream, count]) => countOf(streamTitle(template, stream), count)),
    lastSynced: integration.lastSyncedAt,
    message: bad ? (integration.message ?? unexplained(state)) : undefined,
    fix: fixOf(integration, state),
    canSync: state === 'connected',
    syncing: syncing && state === 'connected',
    sandbox: integration.sandbox,
  };
}

function unexplained(state: State): string | undefined {
  return state === 'attention' ? 'The connection stopped working. Connect it again to go on.' : undefined;
}

/** The card of a plugin; undefined where this viewer has nothing to see of it. */
export function cardView(template: Template, connections: readonly ConnectionView[], viewer: Viewer): CardView | undefined {
  const usable = isUsable(template);
  const hidden = !template.active || (!usable && template.state !== 'coming-soon');
  if (hidden && connections.length === 0 && !viewer.operator) return undefined;
  const face = stateView(cardState(template, connections));
  const own = connections.flatMap(({ name, account, text }) => [name, account ?? '', text]);
  return {
    ...face,
    id: template.id,
    href: `/integrations/${template.id}`,
    name: template.name,
    summary: template.summary,
    category: template.category,
    picture: iconUrl(template),
    connections,
    reason: viewer.operator ? operatorReason(template) : undefined,
    canConnect: viewer.manage && template.active && usable,
    search: [template.name, template.summary, template.category, face.text, ...own].join(' ').toLowerCase(),
  };
}

function cardState(template: Template, connections: readonly ConnectionView[]): State {
  if (template.state === 'coming-soon') return 'soon';
  if (!isUsable(template)) return 'unavailable';
  const order: readonly State[] = ['attention', 'connecting', 'connected', 'paused', 'disconnected'];
  return order.find((state) => connections.some((connection) => connection.state === state)) ?? 'connect';
}

function operatorReason(template: Template): string | undefined {
  if (template.error && template.loaded) return `The changed plugin was refused; the one before it still runs. ${template.error}`;
  if (template.error) return template.error;
  if (template.state === 'missing') return 'The plugin\u2019s folder is gone; put it back or remove its integrations.';
  return template.active ? undefined : 'Switched off: stores do not see this card.';
}

/** The address of the plugin's drawing; it changes with the plugin's content, so that browsers may keep it. */
export function iconUrl(template: Pick<Template, 'id' | 'loaded'>): string | undefined {
  return template.loaded?.icon === undefined
    ? undefined
    : `/assets/plugins/${template.id}/icon.svg?v=${template.loaded.hash.slice(0, 12)}`;
}

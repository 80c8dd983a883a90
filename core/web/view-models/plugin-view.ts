import { isUsable } from '../../integrations/card.ts';
import type { MissingAppField } from '../../plugins/app-fields.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Auth, FieldFault, Manifest, Scope } from '../../sdk/index.ts';
import { t } from '../texts.ts';
import { list, lowered } from '../words.ts';
import { type ConnectionView, iconUrl } from './card-view.ts';
import { type FieldView, formView } from './form-view.ts';
import { type StateView, stateView } from './state-view.ts';

/** The face of a plugin at the top of its pages. */
export interface PluginHead {
  readonly id: string;
  readonly name: string;
  readonly summary: string;
  readonly category: string;
  readonly picture: string | undefined;
  readonly href: string;
}

/** One way to connect. */
export interface MethodView {
  readonly id: 'oauth' | 'manual';
  readonly title: string;
  readonly recommended: boolean;
  /** Markdown with placeholders; `vars` fills them. */
  readonly guide: string;
  readonly scopes: readonly ScopeView[];
  /** Few enough to be seen without asking. */
  readonly openScopes: boolean;
  readonly action: string;
  readonly fields: readonly FieldView[];
  readonly submit: string;
  /** What connecting does not prove, where the provider takes any key. */
  readonly unproven: string | undefined;
  /** What went wrong with the last try. */
  readonly error: string | undefined;
  /** Why this way is closed at the moment. */
  readonly blocked: string | undefined;
}

export interface ScopeView {
  readonly name: string;
  readonly reason: string;
  readonly optional: boolean;
}

export interface PluginPage extends StateView {
  readonly plugin: PluginHead;
  readonly gains: readonly string[];
  readonly methods: readonly MethodView[];
  readonly connections: readonly ConnectionView[];
  readonly vars: GuideVars;
  /** Why it cannot be used, in words for this viewer. */
  readonly trouble: string | undefined;
  /** For operators: what to set before this plugin works. */
  readonly missing: readonly MissingAppField[];
  readonly canConnect: boolean;
  readonly canManage: boolean;
  /** The simulator's panel, where this plugin has one and it is on. */
  readonly sandboxHref: string | undefined;
  /** The integration that is to be connected again. */
  readonly again: { readonly name: string; readonly account: string | undefined; readonly href: string } | undefined;
}

/** What stands for `{{redirectUri}}`, `{{webhookUrl}}` and `{{brand}}` in a guide. */
export interface GuideVars {
  readonly redirectUri: string;
  readonly webhookUrl: string;
  readonly brand: string;
}

export interface PluginInput {
  readonly template: Template;
  readonly connections: readonly ConnectionView[];
  readonly vars: GuideVars;
  readonly viewer: { readonly operator: boolean; readonly manage: boolean };
  readonly missing: readonly MissingAppField[];
  readonly sandbox: boolean;
  readonly again?: PluginPage['again'];
  /** The last try, to give back what was typed. */
  readonly tried?: Tried | undefined;
}

export interface Tried {
  readonly method: 'oauth' | 'manual';
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly FieldFault[];
  /** What went wrong, and what to do. */
  readonly message: string;
}

export function pluginHead(template: Template): PluginHead {
  const { id, name, summary, category } = template;
  return { id, name, summary, category, picture: iconUrl(template), href: `/integrations/${id}` };
}

export function pluginPage(input: PluginInput): PluginPage {
  const { template, viewer } = input;
  const usable = isUsable(template) && template.active;
  const soon = template.state === 'coming-soon';
  return {
    ...stateView(soon ? 'coming-soon' : usable ? 'connect' : 'unavailable'),
    plugin: pluginHead(template),
    gains: usable ? gainsOf(template) : [],
    methods: usable ? methodsOf(input) : [],
    connections: input.connections,
    vars: input.vars,
    trouble: usable || soon ? undefined : troubleOf(template, viewer.operator),
    missing: viewer.operator ? input.missing : [],
    canConnect: usable && viewer.manage,
    canManage: viewer.manage,
    sandboxHref: input.sandbox && usable ? `/sandbox/${template.id}` : undefined,
    again: input.again,
  };
}

/** Full manifests only: a coming-soon card has no ways to connect. */
export function manifestOf(template: Pick<Template, 'loaded' | 'manifest'>): Manifest | undefined {
  const manifest = template.loaded?.plugin.manifest ?? template.manifest;
  return manifest && !manifest.comingSoon ? (manifest as Manifest) : undefined;
}

/** What a store gets, told from what the plugin can do. */
export function gainsOf(template: Template): string[] {
  const handlers = template.loaded?.plugin.handlers;
  const streams = Object.values(handlers?.streams ?? {});
  const titles = (wanted: boolean) => streams.filter(({ sync }) => Boolean(sync) === wanted).map(({ title }) => lowered(title));
  const actions = Object.values(handlers?.actions ?? {}).map(({ title }) => lowered(title));
  const gains: string[] = [];
  if (titles(true).length > 0) gains.push(t('plugin.gains.synced', { what: list(titles(true)) }));
  if (handlers?.webhook) gains.push(t('plugin.gains.changes', { plugin: template.name }));
  if (handlers?.webhook && titles(false).length > 0) gains.push(t('plugin.gains.heard', { what: list(titles(false)) }));
  if (actions.length > 0)
    gains.push(
      t('plugin.gains.actions', { what: list(actions.length > 4 ? [...actions.slice(0, 3), t('plugin.gains.more')] : actions) }),
    );
  return gains;
}

function troubleOf(template: Template, operator: boolean): string {
  if (!operator) return t('plugin.outOfService', { plugin: template.name });
  if (!template.active) return t('plugin.switchedOff', { plugin: template.name });
  return template.error ?? t('plugin.folderGone', { id: template.id });
}

function methodsOf(input: PluginInput): MethodView[] {
  const auth = manifestOf(input.template)?.auth ?? [];
  return auth.map((one, index) => methodView(input, one, index === 0 && auth.length > 1));
}

function methodView(input: PluginInput, auth: Auth, recommended: boolean): MethodView {
  const { template, again } = input;
  const tried = input.tried?.method === auth.method ? input.tried : undefined;
  const base = `/integrations/${template.id}`;
  const action = again ? `${again.href}/reconnect` : `${base}/${auth.method === 'oauth' ? 'oauth/initiate' : 'manual/connect'}`;
  return {
    id: auth.method,
    title: auth.title,
    recommended,
    guide: template.overrides.guides?.[auth.method] ?? auth.guide,
    scopes: auth.method === 'oauth' ? auth.scopes.map(scopeView) : [],
    openScopes: auth.method === 'oauth' && auth.scopes.length <= 5,
    action,
    fields:
      auth.method === 'manual'
        ? formView({ form: auth.fields, prefix: 'key-', values: tried?.values, faults: tried?.faults })
        : [],
    submit: submitOf(auth, template.name, again !== undefined),
    unproven: auth.method === 'manual' ? auth.unproven : undefined,
    error: tried?.message,
    blocked: blockedOf(input, auth),
  };
}

function submitOf({ method }: Auth, name: string, again: boolean): string {
  if (method === 'oauth') return t(again ? 'plugin.reconnectWith' : 'plugin.connectWith', { name });
  return t(again ? 'plugin.testAndReconnect' : 'plugin.testAndConnect');
}

function scopeView(scope: Scope): ScopeView {
  return { name: scope.name, reason: scope.reason, optional: scope.optional === true };
}

/** OAuth needs the operator's app at the provider; webhook keys and the like do not close it. */
function blockedOf({ template, missing, viewer }: PluginInput, auth: Auth): string | undefined {
  const needed = missing.filter(({ name }) => name === 'clientId' || name === 'clientSecret');
  if (auth.method !== 'oauth' || needed.length === 0) return undefined;
  return viewer.operator
    ? t('plugin.setFirst', { what: list(needed.map(({ variable }) => variable)) })
    : t('plugin.notReady', { plugin: template.name });
}

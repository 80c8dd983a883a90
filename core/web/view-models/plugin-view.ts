import { isUsable } from '../../integrations/card.ts';
import type { PostMode } from '../../mail/post.ts';
import type { MissingAppField } from '../../plugins/app-fields.ts';
import type { Template } from '../../plugins/registry.ts';
import { list, lowered } from '../words/format.ts';
import { t } from '../words/texts.ts';
import type { ConnectionView, Step } from './connection-view.ts';
import { type PluginHead, pluginHead } from './plugin-head.ts';
import { type Again, type MethodsInput, type MethodView, methodsOf } from './plugin-methods.ts';
import { type StateView, stateView } from './state-view.ts';
import type { WizardStep } from './wizard-steps.ts';

export { manifestOf, type PluginHead, pluginHead } from './plugin-head.ts';
export type { Again, MethodView, Tried } from './plugin-methods.ts';

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
  readonly again: Again | undefined;
  /** Of the set-up; none where something is connected again. */
  readonly steps: readonly WizardStep[];
  /** Connections whose set-up was left before its end. */
  readonly unfinished: readonly Step[];
  /** How the store is told when it comes; undefined where it does not wait for it. */
  readonly waits: string | undefined;
}

/** What stands for `{{redirectUri}}`, `{{webhookUrl}}` and `{{brand}}` in a guide. */
export interface GuideVars {
  readonly redirectUri: string;
  readonly webhookUrl: string;
  readonly brand: string;
}

export interface PluginInput extends MethodsInput {
  readonly connections: readonly ConnectionView[];
  readonly vars: GuideVars;
  readonly viewer: { readonly operator: boolean; readonly manage: boolean };
  readonly sandbox: boolean;
  readonly again?: PluginPage['again'];
  readonly steps?: readonly WizardStep[];
  readonly unfinished?: readonly Step[];
  readonly waits?: string | undefined;
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
    steps: input.steps ?? [],
    unfinished: viewer.manage ? (input.unfinished ?? []) : [],
    waits: input.waits,
  };
}

/** How a store that waits for a plugin is told when it comes: without a mail server only its page says so. */
export function waitWords(mail: PostMode): string {
  return t(mail === 'smtp' ? 'cards.willTell' : 'cards.willShow');
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

import type { MissingAppField } from '../../plugins/app-fields.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Auth, FieldFault, Scope } from '../../sdk/index.ts';
import type { Check } from '../preflight.ts';
import { list } from '../words/format.ts';
import { t } from '../words/texts.ts';
import { type FaultLink, faultLinks } from './field-summary.ts';
import { type FieldView, formView } from './form-view.ts';
import { manifestOf } from './plugin-head.ts';

/** One way to connect. */
export interface MethodView {
  readonly id: 'oauth' | 'manual';
  readonly title: string;
  readonly recommended: boolean;
  /** The way that what is connected again was connected before. */
  readonly before: boolean;
  /** Its button is the one of the page: that of the first way, or of the one that was tried. */
  readonly leads: boolean;
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
  /** The inputs at fault. */
  readonly faults: readonly FaultLink[];
  /** Where the fields are checked as they are left; none for keys without a form of ours. */
  readonly check: string | undefined;
  /** What was looked at before a person leaves for the provider's page. */
  readonly checks: readonly Check[];
  /** What was typed is in the form again. */
  readonly tried: boolean;
}

export interface ScopeView {
  readonly name: string;
  readonly reason: string;
  readonly optional: boolean;
}

export interface Tried {
  readonly method: 'oauth' | 'manual';
  readonly values: Readonly<Record<string, unknown>>;
  readonly faults: readonly FieldFault[];
  /** What went wrong, and what to do. */
  readonly message: string;
}

/** The integration that is to be connected again. */
export interface Again {
  readonly name: string;
  readonly account: string | undefined;
  readonly href: string;
  readonly method: string;
  /** Records of it are held here. */
  readonly holds: boolean;
}

export interface MethodsInput {
  readonly template: Template;
  readonly viewer: { readonly operator: boolean };
  readonly missing: readonly MissingAppField[];
  /** The integration that is to be connected again. */
  readonly again?: Pick<Again, 'href' | 'method'> | undefined;
  /** The last try, to give back what was typed. */
  readonly tried?: Tried | undefined;
  /** Of a consent page. */
  readonly checks?: readonly Check[];
}

/** The ways to connect; the author's first is the recommended one, and the one used before comes first at the next time. */
export function methodsOf(input: MethodsInput): MethodView[] {
  const auth = manifestOf(input.template)?.auth ?? [];
  const before = (one: Auth) => one.method === input.again?.method;
  return auth
    .toSorted((one, other) => Number(before(other)) - Number(before(one)))
    .map((one, index) => ({
      ...methodView(input, one, !input.again && index === 0 && auth.length > 1),
      before: before(one) && auth.length > 1,
      leads: input.tried ? input.tried.method === one.method : index === 0,
    }));
}

function methodView(input: MethodsInput, auth: Auth, recommended: boolean): Omit<MethodView, 'leads' | 'before'> {
  const { template, again } = input;
  const tried = input.tried?.method === auth.method ? input.tried : undefined;
  const base = `/integrations/${template.id}`;
  const action = again ? `${again.href}/reconnect` : `${base}/${auth.method === 'oauth' ? 'oauth/initiate' : 'manual/connect'}`;
  const fields =
    auth.method === 'manual' ? formView({ form: auth.fields, prefix: 'key-', values: tried?.values, faults: tried?.faults }) : [];
  return {
    id: auth.method,
    title: auth.title,
    recommended,
    guide: template.overrides.guides?.[auth.method] ?? auth.guide,
    scopes: auth.method === 'oauth' ? auth.scopes.map(scopeView) : [],
    openScopes: auth.method === 'oauth' && auth.scopes.length <= 5,
    action,
    fields,
    faults: faultLinks(fields),
    check: auth.method === 'manual' ? `${base}/manual/check` : undefined,
    checks: auth.method === 'oauth' && input.viewer.operator ? (input.checks ?? []) : [],
    tried: tried !== undefined,
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
function blockedOf({ template, missing, viewer, checks = [] }: MethodsInput, auth: Auth): string | undefined {
  if (auth.method !== 'oauth') return undefined;
  const wrong = checks.filter(({ state }) => state === 'bad').map(({ text }) => text);
  if (wrong.length > 0) return wrong.join(' ');
  const needed = missing.filter(({ name }) => name === 'clientId' || name === 'clientSecret');
  if (needed.length === 0) return undefined;
  return viewer.operator
    ? t('plugin.setFirst', { what: list(needed.map(({ variable }) => variable)) })
    : t('plugin.notReady', { plugin: template.name });
}

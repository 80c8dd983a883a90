import type { FieldFault, Form } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import { formView } from './form-view.ts';
import { foldedFields, type SettingFields } from './setting-view.ts';

/** One field of the operator's app and where its value comes from. */
export interface AppFieldState {
  readonly name: string;
  readonly source: 'environment' | 'page' | 'sandbox' | 'default' | 'none';
  readonly variable: string;
}

export interface AppFormView extends SettingFields {
  /** Something of it is not set in the environment. */
  readonly changeable: boolean;
  /** Set in the environment: shown, not to be changed here. */
  readonly fixed: readonly { readonly label: string; readonly variable: string }[];
  /** Secrets that may be forgotten. */
  readonly forget: readonly { readonly name: string; readonly label: string }[];
  /** Needed, and set nowhere. */
  readonly missing: readonly string[];
  /** The simulator knows its own app only. */
  readonly overSandbox: boolean;
}

export interface AppFormInput {
  readonly form: Form;
  readonly states: readonly AppFieldState[];
  /** Set on this page; the secret ones are named, never shown. */
  readonly set: Readonly<Record<string, string>>;
  readonly typed?: Readonly<Record<string, unknown>> | undefined;
  readonly faults?: readonly FieldFault[] | undefined;
  readonly sandbox: boolean;
}

export function appFormView({ form, states, set, typed, faults, sandbox }: AppFormInput): AppFormView {
  const named = new Map(states.map((state) => [state.name, state]));
  const open = Object.entries(form.properties).filter(([name]) => named.get(name)?.source !== 'environment');
  const isSecret = (name: string) => {
    const field = form.properties[name];
    return field?.type === 'string' && field['x-secret'] === true;
  };
  const stored = Object.keys(set).filter(isSecret);
  const defaults = Object.fromEntries(
    open.flatMap(([name, field]) => (field.default === undefined ? [] : [[name, field.default]])),
  );
  const properties = Object.fromEntries(
    open.map(([name, field]) => [name, { ...field, description: describe(field.description, named.get(name)) }]),
  );
  const shown: Form = { type: 'object', properties };
  const values = { ...defaults, ...set, ...typed };
  const views = formView({ form: shown, prefix: 'app-', values, faults, stored });
  return {
    fixed: states
      .filter(({ source }) => source === 'environment')
      .map(({ name, variable }) => ({ label: form.properties[name]?.title ?? name, variable })),
    ...foldedFields({ form: shown, views }, typed),
    changeable: views.length > 0,
    forget: stored.map((name) => ({ name, label: form.properties[name]?.title ?? name })),
    missing: states
      .filter(({ name, source }) => source === 'none' && (form.required ?? []).includes(name))
      .map(({ name }) => form.properties[name]?.title ?? name),
    overSandbox: sandbox,
  };
}

function describe(description: string | undefined, state: AppFieldState | undefined): string {
  const now =
    state?.source === 'sandbox'
      ? t('admin.appSimulator')
      : state?.source === 'none'
        ? t('admin.appNotSet', { variable: state.variable })
        : undefined;
  return [description, now].filter(Boolean).join(' ');
}

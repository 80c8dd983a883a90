import { isUsable, isWorking } from '../../integrations/card.ts';
import type { Integration } from '../../integrations/integration-store.ts';
import { isReadable } from '../../integrations/readable.ts';
import { isTable, loadersOf } from '../../plugins/form-kinds.ts';
import type { Template } from '../../plugins/registry.ts';
import type { Field, Form } from '../../sdk/index.ts';
import { t } from '../words/texts.ts';
import type { DoneView } from './action-result.ts';
import { type BarredView, barredView, type Offer, offersOf } from './barred-view.ts';
import type { Viewer } from './card-view.ts';
import { type FieldView, type FormInput, formView } from './form-view.ts';
import type { PluginHead } from './plugin-view.ts';
import type { FoldedView } from './setting-view.ts';

export interface ActionPage {
  readonly plugin: PluginHead;
  readonly integration: { readonly name: string; readonly href: string };
  readonly action: { readonly title: string; readonly description: string | undefined; readonly href: string };
  readonly fields: readonly FieldView[];
  /** Those that are rarely needed, behind one line each. */
  readonly folded: readonly FoldedView[];
  /** Names this wish: sent twice, it is acted on once. */
  readonly key: string;
  readonly error: string | undefined;
  /** Why its settings forbid it, instead of the form. */
  readonly barred: BarredView | undefined;
  /** In what unit amounts are shown. */
  readonly units: readonly { readonly name: string; readonly value: string }[];
  /** Lists of records whose ids the form takes. */
  readonly finders: readonly { readonly href: string; readonly title: string }[];
  /** What became of the last one, instead of the form. */
  readonly done: DoneView | undefined;
  /** What the button does that shows the form again without acting; undefined where nothing would be different. */
  readonly again: string | undefined;
  /** How a table gets more lines. */
  readonly room: string;
}

export interface ActionLink {
  readonly name: string;
  readonly href: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly barred: BarredView | undefined;
}

interface Doer {
  readonly template: Template;
  readonly integration: Integration;
  readonly href: string;
  readonly viewer: Pick<Viewer, 'manage'>;
}

/** What an owner can have done with this connection as it is now, or could with other settings. */
export function actionLinks(doer: Doer): ActionLink[] {
  const { template, integration, href, viewer } = doer;
  if (!viewer.manage || !isWorking(integration, isUsable(template))) return [];
  return Object.entries(template.loaded?.plugin.handlers?.actions ?? {})
    .filter(([, action]) => isReadable(action, integration.method))
    .map(([name, { title, description }]) => ({
      name,
      href: `${href}/actions/${encodeURIComponent(name)}`,
      title,
      description,
      barred: barredView(doer, name),
    }));
}

/** What a connection can do with one record, by the stream whose ids a field takes: the form comes filled in. */
export function recordDeeds(doer: Doer, stream: string): (record: Filling) => Offer[] {
  const actions = doer.template.loaded?.plugin.handlers?.actions ?? {};
  const fitting = actionLinks(doer).flatMap(({ name, href, title, barred }) => {
    const fields = recordFields(actions[name]?.input).filter((field) => field.stream === stream);
    return fields.length > 0 ? [{ href, title, barred, fields }] : [];
  });
  return (record) => {
    const deeds = fitting.flatMap(({ href, title, barred, fields }) => {
      const filled = fields.flatMap(({ name, part }) => {
        const value = part === undefined ? record.id : record.data[part];
        return typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [];
      });
      return filled.length > 0 ? [{ title, href: `${href}?${new URLSearchParams(filled)}`, barred }] : [];
    });
    return offersOf(deeds);
  };
}

/** A record a form is filled in from. */
interface Filling {
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** Fields that take something of a record: of which stream, and which part of its data; undefined: its id. */
export function recordFields(form: Form | undefined): { name: string; stream: string; part: string | undefined }[] {
  return Object.entries(form?.properties ?? {}).flatMap(([name, field]) => {
    const [stream, part] = (field.type === 'string' && field['x-record']?.split('.')) || [];
    return stream ? [{ name, stream, part }] : [];
  });
}

/** Fields that take money of a record: which field names it, and the part of its data whose unit the amount has. */
export function moneyFields(form: Form): { name: string; of: string; part: string }[] {
  return Object.entries(form.properties).flatMap(([name, field]) => {
    const [of, part] = (field.type === 'integer' && field['x-money']?.split('.')) || [];
    return of && part ? [{ name, of, part }] : [];
  });
}

/** Does the form change with what is filled in, so that one may want it again before acting? */
export function againOf({ properties }: Form): string | undefined {
  const fields = Object.values(properties);
  if (fields.some(isTable)) return t('action.moreLines');
  return fields.length > 1 && fields.some((field) => loadersOf(field).length > 0) ? t('action.choices') : undefined;
}

/** A switch nobody has to answer has three answers: what was not said must not change what is there. */
export function isOpenSwitch(form: Form, name: string, field: Field): boolean {
  return field.type === 'boolean' && field.default === undefined && !(form.required ?? []).includes(name);
}

/** The fields of an action's form; see {@link isOpenSwitch}. */
export function actionFields(input: FormInput): FieldView[] {
  const properties = Object.entries(input.form.properties).map(([name, field]): [string, Field] => {
    if (!isOpenSwitch(input.form, name, field)) return [name, field];
    const { title, description } = field;
    const labels = { true: t('words.yes'), false: t('words.no') };
    const hint = description === undefined ? {} : { description };
    return [name, { type: 'string', title, ...hint, enum: ['true', 'false'], 'x-labels': labels }];
  });
  const views = formView({ ...input, form: { ...input.form, properties: Object.fromEntries(properties) } });
  return views.map((view) => {
    const field = input.form.properties[view.name];
    if (!field || !isOpenSwitch(input.form, view.name, field)) return view;
    const choices = view.choices.map((choice) => (choice.value === '' ? { ...choice, label: t('settings.notSet') } : choice));
    return { ...view, choices };
  });
}

/** Typed values of what was filled in: what was left open is left out, so that it changes nothing there. */
export function filledIn(form: Form, typed: Readonly<Record<string, unknown>>, posted: Readonly<Record<string, unknown>>) {
  const isOpen = (name: string, value: unknown) => {
    const field = form.properties[name];
    if (!field || 'default' in field || (form.required ?? []).includes(name)) return false;
    if (field.type === 'boolean') return !posted[name];
    return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
  };
  return Object.fromEntries(Object.entries(typed).filter(([name, value]) => !isOpen(name, value)));
}

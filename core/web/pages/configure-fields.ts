import { isDeepStrictEqual } from 'node:util';
import { isReadable } from '../../integrations/readable.ts';
import { todosOf } from '../../integrations/todo.ts';
import { fromPost } from '../../plugins/form-post.ts';
import { type Field, type FieldFault, type Form, Rejected } from '../../sdk/index.ts';
import type { Web } from '../services.ts';
import { conflictForm, RULE } from '../view-models/configure-view.ts';
import { formView } from '../view-models/form-view.ts';
import { manifestOf } from '../view-models/plugin-view.ts';
import { foldedView, type SettingFields } from '../view-models/setting-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { list, lowered } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import type { IntegrationPlace } from './context.ts';
import { choicesFor } from './form-choices.ts';

/** How long a page waits for a provider's lists before it is shown without; then it asks once more by itself. */
const FIRST_PATIENCE_MS = 4000;

/** The settings as they stand in the form, typed or stored. */
export interface Draft {
  readonly values: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly conflictRule: string;
}

export interface FilledIn extends Draft {
  readonly place: IntegrationPlace;
  readonly faults?: readonly FieldFault[] | undefined;
  /** Somebody waits for the lists. */
  readonly patient?: boolean;
}

export function configForm({ template }: Pick<IntegrationPlace, 'template'>): Form {
  const form = manifestOf(template)?.config;
  if (form && template.loaded) return form;
  throw new Rejected(t('configure.outOfService', { plugin: template.name }), { code: 'PLUGIN_UNAVAILABLE' });
}

/** What the plugin calls rarely changed is folded, unless it is what is left to do. */
export async function settingFields(web: Web, shown: FilledIn, tried: boolean): Promise<SettingFields> {
  const { place, values, conflictRule, faults } = shown;
  const todos = new Map<string, string>(
    todosOf(web.registry.get(place.integration.pluginId), place.integration).map(({ field, text }) => [field, said(text)]),
  );
  const form = followedForm(place, todos);
  const patienceMs = shown.patient ? undefined : FIRST_PATIENCE_MS;
  const [options, { plain, stored }] = await Promise.all([
    choicesFor(web, place, { form, draft: values, patienceMs }),
    web.integrations.settings(place.integration),
  ]);
  const views = formView({ form, prefix: 'config-', values, faults, options, stored }).map((view) =>
    todos.has(view.name) ? { ...view, optional: false, wanted: true } : view,
  );
  const rule = formView({ form: conflictForm(place), prefix: 'config-', values: { [RULE]: conflictRule }, faults });
  const rare = (name: string) => form.properties[name]?.['x-advanced'] === true && !todos.has(name);
  const unsaved = tried ? unsavedIn(form, values, plain) : () => false;
  const rules = rule.map((view) => foldedView(view, conflictRule !== place.integration.conflictRule));
  const folded = views.filter(({ name }) => rare(name)).map((view) => foldedView(view, unsaved(view.name)));
  const open = views.filter(({ name }) => !rare(name));
  return folded.length > 0 ? { fields: open, folded: [...folded, ...rules] } : { fields: [...open, ...rule], folded };
}

type Values = Readonly<Record<string, unknown>>;

/** Which of the fields hold something else than what is kept. */
function unsavedIn(form: Form, typed: Values, kept: Values): (name: string) => boolean {
  const values = fromPost(form, typed);
  return (name) => {
    const before = Object.hasOwn(kept, name) ? kept[name] : form.properties[name]?.default;
    return !isDeepStrictEqual(values[name] ?? '', before ?? '');
  };
}

/** The same with what is to be done for a description of those settings that are still to be chosen, and those that choose whose records are read. */
function followedForm(place: IntegrationPlace, todos: ReadonlyMap<string, string>): Form {
  const form = configForm(place);
  const { template, integration } = place;
  const streams = Object.entries(template.loaded?.plugin.handlers?.streams ?? {}).filter(([, one]) =>
    isReadable(one, integration.method),
  );
  const properties = Object.entries(form.properties).map(([name, field]): [string, Field] => {
    const following = streams.filter(([, { follows = [] }]) => follows.some((one) => one === name));
    const titles = list(following.map(([stream]) => lowered(streamTitle(template, stream))));
    const reads = following.length > 0 && integration.lastSyncedAt && t('configure.changeReads', { what: titles });
    const says = [todos.get(name) ?? field.description, reads].filter(Boolean);
    return [name, says.length > 0 ? { ...field, description: says.join(' ') } : field];
  });
  return { ...form, properties: Object.fromEntries(properties) };
}

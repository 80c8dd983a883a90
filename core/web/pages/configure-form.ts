import type { Request, Response } from 'express';
import { isReadable } from '../../integrations/readable.ts';
import { todosOf } from '../../integrations/todo.ts';
import { fromPost } from '../../plugins/form-post.ts';
import { type Field, type FieldFault, type Form, hubError, Rejected } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';
import type { Web } from '../services.ts';
import { streamTitle } from '../view-models/card-view.ts';
import { conflictForm, RULE } from '../view-models/configure-view.ts';
import { faultLinks } from '../view-models/field-summary.ts';
import { formView } from '../view-models/form-view.ts';
import type { Flash } from '../view-models/pages.ts';
import { manifestOf, pluginHead } from '../view-models/plugin-view.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { wizardSteps } from '../view-models/wizard-steps.ts';
import { list, lowered } from '../words/format.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import type { IntegrationPlace } from './context.ts';
import { choicesFor } from './form-choices.ts';
import { showPage } from './page.ts';

/** How long a page waits for a provider's lists before it is shown without; then it asks once more by itself. */
const FIRST_PATIENCE_MS = 4000;

/** The settings as they stand in the form, typed or stored. */
export interface Draft {
  readonly values: Readonly<Record<string, unknown>>;
  readonly name: string;
  readonly conflictRule: string;
}

export interface ShownSettings extends Draft {
  readonly place: IntegrationPlace;
  readonly faults?: readonly FieldFault[] | undefined;
  readonly error?: string | undefined;
  /** The provider refused them, which may be its own trouble: they can be saved all the same. */
  readonly untested?: boolean;
  readonly flash?: Flash;
  readonly status?: number;
  /** Somebody waits for the lists. */
  readonly patient?: boolean;
}

export function configForm({ template }: Pick<IntegrationPlace, 'template'>): Form {
  const form = manifestOf(template)?.config;
  if (form && template.loaded) return form;
  throw new Rejected(t('configure.outOfService', { plugin: template.name }), { code: 'PLUGIN_UNAVAILABLE' });
}

/** What was posted; `typed` goes back into the form, `values` to the check. */
export function postedSettings(place: IntegrationPlace, body: unknown): Draft & { typed: Record<string, unknown> } {
  const form = configForm(place);
  const { _name, [RULE]: rule } = (body ?? {}) as Record<string, unknown>;
  const typed = postedFields(form, body);
  return {
    typed,
    values: fromPost(form, typed),
    name: typeof _name === 'string' ? _name.trim() : place.integration.name,
    conflictRule: typeof rule === 'string' ? rule : place.integration.conflictRule,
  };
}

/** What is wrong with the two settings every integration has; the provider need not be asked about them. */
export function ownFaults({ name, conflictRule }: Draft, place: IntegrationPlace): FieldFault[] {
  const rules = conflictForm(place).properties[RULE];
  const known = rules?.type === 'string' && rules.enum?.includes(conflictRule);
  return [
    ...(name === '' ? [{ pointer: '/_name', message: t('configure.noName') }] : []),
    ...(name.length > 100 ? [{ pointer: '/_name', message: t('configure.longName') }] : []),
    ...(rules && !known ? [{ pointer: `/${RULE}`, message: t('configure.noRule') }] : []),
  ];
}

/**
 * The form once more with what was typed and why it was refused.
 * @throws the error itself where it is not the person's or the provider's doing
 */
export async function renderRefused(
  web: Web,
  req: Request,
  res: Response,
  { cause, ...shown }: ShownSettings & { cause: unknown },
): Promise<void> {
  const known = hubError(cause);
  if (!known || known.consequence === 'plugin-fault') throw cause;
  const { status, detail, fields: faults = [] } = answerFor(cause);
  await renderSettings(web, req, res, {
    ...shown,
    ...(faults.length > 0 && { untested: false }),
    faults,
    error: faults.length > 0 ? t('configure.look') : said(detail),
    status,
  });
}

export async function renderSettings(web: Web, req: Request, res: Response, shown: ShownSettings): Promise<void> {
  const { place, name, faults = [], error, status, flash } = shown;
  const { store, template, integration, href } = place;
  const setUp = await web.setUps.of(store.id, integration.id);
  const fields = await settingFields(web, shown);
  const nameError = faults.find(({ pointer }) => pointer === '/_name')?.message;
  const model = {
    plugin: pluginHead(template),
    integration: { id: integration.id, name: integration.name, href, account: integration.account?.label },
    steps: setUp?.step === 'configure' ? wizardSteps('configure', template, integration.method) : [],
    fields,
    name,
    nameError,
    error,
    faults: [
      ...(nameError ? [{ id: 'integration-name', label: t('configure.name'), message: nameError }] : []),
      ...faultLinks(fields),
    ],
    tried: req.method === 'POST',
    untested: shown.untested === true,
    asksProvider: Object.values(configForm(place).properties).some((field) => 'x-options' in field || 'x-keys' in field),
    canTest: template.loaded?.plugin.handlers !== undefined && integration.status !== 'disconnected',
  };
  const title = t('cards.configureOne', { name: integration.name });
  const page = { name: 'configure' as const, title, model, store, sandbox: integration.sandbox };
  await showPage(web, req, res, { ...page, ...(flash && { flash }), ...(status !== undefined && { status }) });
}

async function settingFields(web: Web, shown: ShownSettings) {
  const { place, values, conflictRule, faults } = shown;
  const todos = new Map<string, string>(
    todosOf(web.registry.get(place.integration.pluginId), place.integration).map(({ field, text }) => [field, said(text)]),
  );
  const form = followedForm(place, todos);
  const patienceMs = shown.patient ? undefined : FIRST_PATIENCE_MS;
  const [options, { stored }] = await Promise.all([
    choicesFor(web, place, { form, draft: values, patienceMs }),
    web.integrations.settings(place.integration),
  ]);
  return [
    ...formView({ form, prefix: 'config-', values, faults, options, stored }).map((view) =>
      todos.has(view.name) ? { ...view, optional: false } : view,
    ),
    ...formView({ form: conflictForm(place), prefix: 'config-', values: { [RULE]: conflictRule }, faults }),
  ];
}

/** The same with a word beside those settings that are still to be chosen, and those that choose whose records are read. */
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
    const says = [todos.get(name), field.description, reads].filter(Boolean);
    return [name, says.length > 0 ? { ...field, description: says.join(' ') } : field];
  });
  return { ...form, properties: Object.fromEntries(properties) };
}

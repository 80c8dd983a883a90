import type { Request, Response } from 'express';
import { fromPost } from '../../plugins/form-post.ts';
import { type FieldFault, hubError } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';
import type { Web } from '../services.ts';
import { conflictForm, RULE } from '../view-models/configure-view.ts';
import { faultLinks } from '../view-models/field-summary.ts';
import type { Flash } from '../view-models/pages.ts';
import { pluginHead } from '../view-models/plugin-view.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { wizardSteps } from '../view-models/wizard-steps.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { configForm, type Draft, type FilledIn, settingFields } from './configure-fields.ts';
import type { IntegrationPlace } from './context.ts';
import { showPage } from './page.ts';

/** So many settings are seen at a glance. */
const UNAIDED = 6;

export interface ShownSettings extends FilledIn {
  readonly error?: string | undefined;
  /** The provider refused them, which may be its own trouble: they can be saved all the same. */
  readonly untested?: boolean;
  readonly flash?: Flash;
  readonly status?: number;
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
  const tried = req.method === 'POST';
  const { fields, folded } = await settingFields(web, shown, tried);
  const nameError = faults.find(({ pointer }) => pointer === '/_name')?.message;
  const model = {
    plugin: pluginHead(template),
    integration: { id: integration.id, name: integration.name, href, account: integration.account?.label },
    steps: setUp?.step === 'configure' ? wizardSteps('configure', template, integration.method) : [],
    fields,
    folded,
    jumps: fields.length + folded.length > UNAIDED,
    name,
    nameError,
    error,
    faults: [
      ...(nameError ? [{ id: 'integration-name', label: t('configure.name'), message: nameError }] : []),
      ...faultLinks([...fields, ...folded]),
    ],
    tried,
    untested: shown.untested === true,
    asksProvider: Object.values(configForm(place).properties).some((field) => 'x-options' in field || 'x-keys' in field),
    canTest: template.loaded?.plugin.handlers !== undefined && integration.status !== 'disconnected',
  };
  const title = t('cards.configureOne', { name: integration.name });
  const page = { name: 'configure' as const, title, model, store, sandbox: integration.sandbox };
  await showPage(web, req, res, { ...page, ...(flash && { flash }), ...(status !== undefined && { status }) });
}

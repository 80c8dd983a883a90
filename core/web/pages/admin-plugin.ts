import type { Request, Response } from 'express';
import { appForm, variableOf } from '../../plugins/app-fields.ts';
import type { Template } from '../../plugins/registry.ts';
import { type FieldFault, NotFound } from '../../sdk/index.ts';
import { appSource } from '../app-source.ts';
import { param } from '../http/request.ts';
import { factsOf } from '../plugin-facts.ts';
import type { Web } from '../services.ts';
import { type AppFormView, appFormView } from '../view-models/admin-app-form.ts';
import { cardFields } from '../view-models/admin-card-form.ts';
import { adminPluginPage } from '../view-models/admin-plugin.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { t } from '../words/texts.ts';
import { showPage } from './page.ts';

/** A form of the page that was posted and refused: what was typed comes back with it. */
export interface RefusedForm {
  readonly typed: Readonly<Record<string, unknown>>;
  readonly faults: readonly FieldFault[];
  readonly message: string;
}

export interface AdminPluginShown {
  readonly card?: RefusedForm;
  readonly app?: RefusedForm;
  readonly status?: number;
}

export async function showAdminPlugin(web: Web, req: Request, res: Response): Promise<void> {
  await renderAdminPlugin(web, req, res, {});
}

export async function renderAdminPlugin(web: Web, req: Request, res: Response, shown: AdminPluginShown): Promise<void> {
  const template = adminTemplate(web, req);
  const [census, generations] = await Promise.all([web.census.byPlugin(), web.registry.generations(template.id)]);
  const shownTemplate = inReadersLanguage(template);
  const model = adminPluginPage({
    template: shownTemplate,
    facts: factsOf(web.registry, template),
    census: census.get(template.id),
    generations,
    cardFields: cardFields(template, shown.card?.typed, shown.card?.faults),
    app: appView(web, shownTemplate, shown.app),
    cardError: shown.card?.message,
    appError: shown.app?.message,
  });
  const { status } = shown;
  await showPage(web, req, res, { name: 'admin-plugin', title: template.name, model, ...(status !== undefined && { status }) });
}

/** @throws NotFound */
export function adminTemplate(web: Web, req: Request): Template {
  const template = web.registry.template(param(req, 'id'));
  if (template) return template;
  throw new NotFound(t('admin.noPlugin'));
}

function appView(web: Web, { id, loaded }: Template, refused: RefusedForm | undefined): AppFormView | undefined {
  const form = loaded && appForm(loaded);
  if (!form || Object.keys(form.properties).length === 0) return undefined;
  const states = Object.entries(form.properties).map(([name, field]) => ({
    name,
    source: appSource(web, id, { name, field }),
    variable: variableOf(id, name),
  }));
  const sandbox = web.sandbox.plugins().includes(id);
  return appFormView({ form, states, set: web.apps.of(id), typed: refused?.typed, faults: refused?.faults, sandbox });
}

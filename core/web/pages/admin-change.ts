import type { Request, Response } from 'express';
import type { TemplateChange } from '../../plugins/template-overrides.ts';
import { hubError, Rejected } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';
import { principalOf } from '../http/guard.ts';
import { localPath } from '../http/request.ts';
import type { Web } from '../services.ts';
import { cardChange, newCardForm } from '../view-models/admin-card-form.ts';
import { adminHref } from '../view-models/admin-plugins.ts';
import { formView } from '../view-models/form-view.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { adminTemplate, type RefusedForm, renderAdminPlugin } from './admin-plugin.ts';
import { finish } from './outcome.ts';
import { setFlash, showPage } from './page.ts';

/** `POST /admin/plugins/:id/active` */
export async function switchPlugin(web: Web, req: Request, res: Response): Promise<void> {
  const { id, name } = adminTemplate(web, req);
  const { active: wanted, _back } = bodyOf(req);
  const active = wanted === 'on';
  await finish(req, res, localPath(_back) ?? adminHref(id), async () => {
    await change(web, req, { id, change: { active } });
    return t(active ? 'admin.switchedOn' : 'admin.switchedOff', { plugin: name });
  });
}

/** `POST /admin/plugins/:id/card` */
export async function changeCard(web: Web, req: Request, res: Response): Promise<void> {
  const template = adminTemplate(web, req);
  const typed = bodyOf(req);
  try {
    const { name } = await change(web, req, { id: template.id, change: cardChange(template, typed) });
    await setFlash(req, { kind: 'good', text: t('admin.savedCard', { name }) });
    res.redirect(303, adminHref(template.id));
  } catch (error) {
    const { refused: card, status } = refusal(error, typed);
    await renderAdminPlugin(web, req, res, { card, status });
  }
}

/** `POST /admin/plugins/:id/put-back`: a kept generation, or with no hash what the folder holds. */
export async function putBackGeneration(web: Web, req: Request, res: Response): Promise<void> {
  const { id, name } = adminTemplate(web, req);
  const hash = textOf(bodyOf(req)['hash']) || undefined;
  await finish(req, res, adminHref(id), async () => {
    await web.registry.putBack(id, hash);
    await web.audit.record({ ...by(req), action: 'plugin.put-back', target: id, detail: { hash: hash ?? null } });
    return hash ? t('admin.runsAgain', { hash: hash.slice(0, 12), plugin: name }) : t('admin.runsFolder', { plugin: name });
  });
}

/** `POST /admin/plugins/:id/remove` */
export async function removeCard(web: Web, req: Request, res: Response): Promise<void> {
  const { id, name } = adminTemplate(web, req);
  try {
    await web.templates.remove(id, (sql) => web.audit.record({ ...by(req), action: 'template.remove', target: id }, sql));
    await setFlash(req, { kind: 'good', text: t('admin.cardGone', { name }) });
    res.redirect(303, '/admin/plugins');
  } catch (error) {
    await finish(req, res, adminHref(id), () => Promise.reject(error));
  }
}

export async function showNewCard(web: Web, req: Request, res: Response): Promise<void> {
  await renderNewCard(web, req, res, {});
}

/** `POST /admin/templates` */
export async function createCard(web: Web, req: Request, res: Response): Promise<void> {
  const typed = bodyOf(req);
  const [id, name, summary, category, docs, icon] = ['id', 'name', 'summary', 'category', 'docs', 'icon'].map((field) =>
    textOf(typed[field]).replaceAll('\r\n', '\n').trim(),
  ) as [string, string, string, string, string, string];
  const card = { id, name, summary, category, docs: docs || undefined, icon: icon || undefined };
  try {
    await web.templates.create(card, (sql) =>
      web.audit.record({ ...by(req), action: 'template.create', target: id, detail: { name } }, sql),
    );
    await setFlash(req, { kind: 'good', text: t('admin.announced', { name }) });
    res.redirect(303, adminHref(id));
  } catch (error) {
    const { refused, status } = refusal(error, typed);
    await renderNewCard(web, req, res, { refused, status });
  }
}

async function renderNewCard(
  web: Web,
  req: Request,
  res: Response,
  { refused, status }: { refused?: RefusedForm; status?: number },
): Promise<void> {
  const fields = formView({ form: newCardForm(), prefix: 'card-', values: refused?.typed, faults: refused?.faults });
  const model = { fields, error: refused?.message };
  await showPage(web, req, res, {
    name: 'admin-new-card',
    title: t('admin.newCard'),
    model,
    ...(status !== undefined && { status }),
  });
}

function change(web: Web, req: Request, { id, change: wanted }: { id: string; change: TemplateChange }) {
  const detail = { fields: Object.keys(wanted), ...(wanted.active !== undefined && { active: wanted.active }) };
  return web.templates.change(id, wanted, (sql) =>
    web.audit.record({ ...by(req), action: 'template.change', target: id, detail }, sql),
  );
}

/**
 * What to show beside the form, with the status of the answer.
 * @throws the error itself where it is not the person's doing
 */
export function refusal(error: unknown, typed: Readonly<Record<string, unknown>>): { refused: RefusedForm; status: number } {
  if (hubError(error)?.consequence !== 'rejected') throw error;
  const { fields: faults = [], detail, status } = answerFor(error);
  // A form that came back says what is wrong with 422, as connecting does.
  return {
    refused: { typed, faults, message: faults.length > 0 ? t('configure.look') : said(detail) },
    status: status === 400 ? 422 : status,
  };
}

export function by(req: Request) {
  return { principal: principalOf(req), ip: req.ip };
}

export function bodyOf(req: Request): Readonly<Record<string, unknown>> {
  const body: unknown = req.body ?? {};
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw new Rejected(t('admin.sendFields'));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

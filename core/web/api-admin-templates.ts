import { IsBoolean, IsObject, IsString } from 'class-validator';
import type { Request, Response } from 'express';
import { pointerTo } from '../plugins/form-messages.ts';
import type { Template } from '../plugins/registry.ts';
import type { TemplateChange } from '../plugins/template-overrides.ts';
import { CATEGORIES, type FieldFault, NotFound, Rejected } from '../sdk/index.ts';
import { adminTemplateJson, wholeTemplateJson } from './api-admin-template-json.ts';
import { bodyOf } from './body.ts';
import { IfGiven, IfNotNull } from './dto.ts';
import { principalOf } from './guard.ts';
import { param } from './request.ts';
import type { Web } from './services.ts';

class NewTemplateBody {
  /** The folder's name of the plugin that is to come. */
  @IsString()
  id!: string;

  @IsString()
  name!: string;

  @IsString()
  summary!: string;

  @IsString()
  category!: string;

  @IfGiven()
  @IsString()
  docs?: string;

  /** SVG text. */
  @IfGiven()
  @IsString()
  icon?: string;
}

/** Null: as the plugin has it. */
class ChangeTemplateBody {
  @IfNotNull()
  @IsString()
  name?: string | null;

  @IfNotNull()
  @IsString()
  summary?: string | null;

  @IfNotNull()
  @IsString()
  category?: string | null;

  @IfNotNull()
  @IsString()
  icon?: string | null;

  @IfNotNull()
  @IsString()
  docs?: string | null;

  /** `{ oauth?, manual? }`: Markdown. */
  @IfGiven()
  @IsObject()
  guides?: Record<string, unknown>;

  @IfGiven()
  @IsBoolean()
  active?: boolean;
}

/** `GET /api/admin/integration-templates` */
export async function listTemplates(web: Web, _req: Request, res: Response): Promise<void> {
  await sendTemplates(web, res, () => true);
}

/** `GET …/active`: those a store may connect or look forward to. */
export async function listActiveTemplates(web: Web, _req: Request, res: Response): Promise<void> {
  await sendTemplates(web, res, ({ active }) => active);
}

/** `GET …/category/:category`, written as on the cards or in lower case with hyphens. */
export async function listTemplatesOfCategory(web: Web, req: Request, res: Response): Promise<void> {
  const wanted = slug(param(req, 'category'));
  const category = CATEGORIES.find((one) => slug(one) === wanted);
  if (!category) throw new NotFound(`There is no such category; use one of ${CATEGORIES.join(', ')}.`);
  await sendTemplates(web, res, (template) => template.category === category);
}

export async function getTemplate(web: Web, req: Request, res: Response): Promise<void> {
  res.json(await oneJson(web, templateOf(web, req)));
}

/** A coming-soon card without code. */
export async function createTemplate(web: Web, req: Request, res: Response): Promise<void> {
  const body = await bodyOf(NewTemplateBody, req);
  const template = await web.templates.create(body, (sql) =>
    web.audit.record({ ...by(req), action: 'template.create', target: body.id, detail: { name: body.name } }, sql),
  );
  res.status(201).json(await oneJson(web, template));
}

export async function changeTemplate(web: Web, req: Request, res: Response): Promise<void> {
  const { guides, ...texts } = await bodyOf(ChangeTemplateBody, req);
  const change: TemplateChange = { ...texts, ...(guides && { guides: guidesOf(guides) }) };
  const fields = Object.keys(change).filter((name) => change[name as keyof TemplateChange] !== undefined);
  if (fields.length === 0) throw new Rejected('Name at least one thing to change.');
  const id = param(req, 'id');
  const detail = { fields, ...(change.active !== undefined && { active: change.active }) };
  const template = await web.templates.change(id, change, (sql) =>
    web.audit.record({ ...by(req), action: 'template.change', target: id, detail }, sql),
  );
  res.json(await oneJson(web, template));
}

/** A card without a folder only; 409 while the folder is there or stores keep integrations of it. */
export async function removeTemplate(web: Web, req: Request, res: Response): Promise<void> {
  const id = param(req, 'id');
  await web.templates.remove(id, (sql) => web.audit.record({ ...by(req), action: 'template.remove', target: id }, sql));
  res.status(204).end();
}

async function sendTemplates(web: Web, res: Response, wanted: (template: Template) => boolean): Promise<void> {
  const census = await web.census.byPlugin();
  const templates = web.registry.templates().filter(wanted);
  res.json({ templates: templates.map((template) => adminTemplateJson(web, template, census.get(template.id))) });
}

async function oneJson(web: Web, template: Template): Promise<Record<string, unknown>> {
  return wholeTemplateJson(web, template, (await web.census.byPlugin()).get(template.id));
}

function templateOf(web: Web, req: Request): Template {
  const id = param(req, 'id');
  const template = web.registry.template(id);
  if (template) return template;
  throw new NotFound(`There is no template "${id.slice(0, 60)}".`);
}

function guidesOf(given: Readonly<Record<string, unknown>>): { oauth?: string | null; manual?: string | null } {
  const fields = Object.entries(given).flatMap(([method, guide]): FieldFault[] => {
    const pointer = pointerTo('/guides', method);
    if (method !== 'oauth' && method !== 'manual')
      return [{ pointer, message: `"${method.slice(0, 40)}" is not known here; remove it.` }];
    return typeof guide === 'string' || guide === null
      ? []
      : [{ pointer, message: 'Give a text, or null for the plugin’s own.' }];
  });
  if (fields.length > 0)
    throw new Rejected(
      fields
        .map(({ message }) => message)
        .slice(0, 3)
        .join(' '),
      { fields },
    );
  return given as { oauth?: string | null; manual?: string | null };
}

function by(req: Request) {
  return { principal: principalOf(req), ip: req.ip };
}

function slug(category: string): string {
  return category.toLowerCase().replace(/[\s_]+/g, '-');
}

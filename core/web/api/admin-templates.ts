import type { Request } from 'express';
import { pointerTo } from '../../plugins/form-messages.ts';
import type { Template } from '../../plugins/registry.ts';
import type { TemplateChange } from '../../plugins/template-overrides.ts';
import { CATEGORIES, type FieldFault, NotFound, Rejected } from '../../sdk/index.ts';
import { pageIn } from '../http/cursor.ts';
import { param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { ChangeTemplate, NewTemplate } from './admin-template-bodies.ts';
import { adminTemplateJson, wholeTemplateJson } from './admin-template-json.ts';
import { ADMIN_TEMPLATE, WHOLE_ADMIN_TEMPLATE } from './admin-template-schemas.ts';
import { PageQuery } from './query.ts';
import { type ApiRoute, type Call, created, NOTHING, ok, operator, type Reply } from './route.ts';
import { pageOf } from './schema.ts';
import { tagOf } from './tags.ts';

async function listed({ web, query }: Call<unknown, PageQuery>, wanted: (template: Template) => boolean): Promise<Reply> {
  const census = await web.census.byPlugin();
  const { page, next } = pageIn(web.registry.templates().filter(wanted), query, ({ id }) => id);
  return ok({ templates: page.map((template) => adminTemplateJson(web, template, census.get(template.id))), next });
}

/** Written as on the cards or in lower case with hyphens. */
function listOfCategory(call: Call<unknown, PageQuery>): Promise<Reply> {
  const wanted = slug(param(call.req, 'category'));
  const category = CATEGORIES.find((one) => slug(one) === wanted);
  if (!category) throw new NotFound(`There is no such category; use one of ${CATEGORIES.join(', ')}.`);
  return listed(call, (template) => template.category === category);
}

async function create({ web, req, principal, body }: Call<NewTemplate>): Promise<Reply> {
  const template = await web.templates.create(body, (sql) =>
    web.audit.record({ principal, ip: req.ip, action: 'template.create', target: body.id, detail: { name: body.name } }, sql),
  );
  return created(await oneJson(web, template));
}

async function change({ web, req, principal, body }: Call<ChangeTemplate>): Promise<Reply> {
  const { guides, ...texts } = body;
  const wanted: TemplateChange = { ...texts, ...(guides && { guides: guidesOf(guides) }) };
  const fields = Object.keys(wanted).filter((name) => wanted[name as keyof TemplateChange] !== undefined);
  if (fields.length === 0) throw new Rejected('Name at least one thing to change.');
  const id = param(req, 'id');
  const detail = { fields, ...(wanted.active !== undefined && { active: wanted.active }) };
  const template = await web.templates.change(id, wanted, (sql) =>
    web.audit.record({ principal, ip: req.ip, action: 'template.change', target: id, detail }, sql),
  );
  return ok(await oneJson(web, template));
}

async function remove({ web, req, principal }: Call): Promise<Reply> {
  const id = param(req, 'id');
  const entry = { principal, ip: req.ip, action: 'template.remove', target: id };
  await web.templates.remove(id, (sql) => web.audit.record(entry, sql));
  return NOTHING;
}

async function oneJson(web: Web, template: Template): Promise<Record<string, unknown>> {
  return wholeTemplateJson(web, template, (await web.census.byPlugin()).get(template.id));
}

async function templateTag({ web, req }: { web: Web; req: Request }): Promise<string> {
  const { id, active, overrides, loaded } = templateOf(web, req);
  return tagOf([id, active, overrides, loaded?.hash]);
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
    if (typeof guide === 'string' || guide === null) return [];
    return [{ pointer, message: 'Give a text, or null for the plugin’s own.' }];
  });
  const told = fields.slice(0, 3).map(({ message }) => message);
  if (fields.length > 0) throw new Rejected(told.join(' '), { fields });
  return given as { oauth?: string | null; manual?: string | null };
}

function slug(category: string): string {
  return category.toLowerCase().replace(/[\s_]+/g, '-');
}

const BASE = '/api/admin/integration-templates';
const tag = 'Administration';
const LISTED = { 200: { says: 'As the cards stand.', schema: pageOf('templates', ADMIN_TEMPLATE) } };
const list = { tag, query: PageQuery, answers: LISTED } as const;
const ONE = { 200: { says: 'As it is now.', schema: WHOLE_ADMIN_TEMPLATE } };

export const adminTemplateRoutes: readonly ApiRoute[] = [
  operator({ ...list, on: `GET ${BASE}`, does: 'List every template', run: (call) => listed(call, () => true) }),
  operator({
    on: `POST ${BASE}`,
    tag,
    does: 'Announce a card without code',
    body: NewTemplate,
    once: true,
    problems: ['CONFLICT'],
    examples: { plain: { id: 'acme', name: 'Acme', summary: 'Orders and more.', category: 'Payments' } },
    answers: { 201: { says: 'Stores see it as coming soon.', schema: WHOLE_ADMIN_TEMPLATE } },
    run: create,
  }),
  operator({
    ...list,
    on: `GET ${BASE}/active`,
    does: 'List those stores may connect',
    run: (call) => listed(call, ({ active }) => active),
  }),
  operator({ ...list, on: `GET ${BASE}/category/:category`, does: 'List those of a category', run: listOfCategory }),
  operator({
    on: `GET ${BASE}/:id`,
    tag,
    does: 'Read a template',
    tagged: templateTag,
    answers: ONE,
    run: async ({ web, req }) => ok(await oneJson(web, templateOf(web, req))),
  }),
  operator({
    on: `PATCH ${BASE}/:id`,
    tag,
    does: 'Write over a card, or switch it off',
    body: ChangeTemplate,
    tagged: templateTag,
    problems: ['CONFLICT'],
    examples: { 'other words': { summary: 'Orders, refunds and more.' }, off: { active: false } },
    answers: ONE,
    run: change,
  }),
  operator({
    on: `DELETE ${BASE}/:id`,
    tag,
    does: 'Remove a card without code',
    more: 'Not while its folder is there, or stores keep integrations of it.',
    problems: ['CONFLICT'],
    answers: { 204: { says: 'It is gone.' } },
    run: remove,
  }),
];

import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { v7, validate } from 'uuid';
import { isReadable } from '../integrations/readable.ts';
import { fromPost } from '../plugins/form-post.ts';
import { type Action, type FieldFault, hubError, NotFound, Rejected } from '../sdk/index.ts';
import { Once } from './action-once.ts';
import { answerFor } from './errors.ts';
import { choicesFor } from './form-choices.ts';
import { showPage } from './page.ts';
import { type IntegrationPlace, integrationPlace } from './page-context.ts';
import { param, queryText } from './request.ts';
import { said } from './said.ts';
import type { Web } from './services.ts';
import { saveSession } from './session.ts';
import { t } from './texts.ts';
import { actionFields, actionLinks, againOf, filledIn, recordFields } from './view-models/action-page.ts';
import { type DoneView, doneView } from './view-models/action-result.ts';
import { streamTitle } from './view-models/card-view.ts';
import { faultsOf } from './view-models/field-faults.ts';
import { pluginHead } from './view-models/plugin-view.ts';
import { postedFields } from './view-models/posted-fields.ts';

declare module 'express-session' {
  interface SessionData {
    /** What the last action came back with: a reload shows it again and does nothing. */
    acted: { key: string; done: DoneView };
  }
}

/** Several hubs may run in one process. */
const doings = new WeakMap<Web, Once<DoneView>>();

interface ActionPlace extends IntegrationPlace {
  readonly action: Action;
  readonly actionName: string;
  /** Of the form. */
  readonly at: string;
}

interface Shown {
  /** Of the form, made when it is first shown. */
  readonly key?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly draft?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly FieldFault[];
  readonly error?: string;
  readonly status?: number;
  readonly done?: DoneView;
}

export async function showAction(web: Web, req: Request, res: Response): Promise<void> {
  const place = await actionPlace(web, req);
  const key = queryText(req, 'done');
  const { acted } = req.session;
  const values = namedRecords(place, req);
  await render(web, req, res, {
    place,
    values,
    draft: values,
    ...(key !== undefined && acted?.key === key && { done: acted.done }),
  });
}

/** A page of records leads here with the id of one. */
function namedRecords({ action: { input } }: ActionPlace, req: Request): Record<string, unknown> {
  const named = recordFields(input).flatMap(({ name }) => {
    const id = queryText(req, name)?.slice(0, 200);
    return id === undefined ? [] : [[name, id]];
  });
  if (named.length === 0) return {};
  // A form that comes with values is shown as it is: what nobody changed has its default.
  const defaults = Object.entries(input.properties).flatMap(([name, field]) =>
    'default' in field ? [[name, field.default]] : [],
  );
  return Object.fromEntries([...defaults, ...named]);
}

/** Does it, and leads to a page with what came of it; a button `_again` shows the form as filled in so far. */
export async function act(web: Web, req: Request, res: Response): Promise<void> {
  const place = await actionPlace(web, req);
  const { action, at } = place;
  const body = (req.body ?? {}) as Record<string, unknown>;
  const values = postedFields(action.input, body);
  const draft = filledIn(action.input, fromPost(action.input, values), values);
  const { _key: sent } = body;
  const key = typeof sent === 'string' && validate(sent) ? sent : v7();
  if (body['_again'] !== undefined) return render(web, req, res, { place, key, values, draft });
  try {
    web.forms.check(action.input, draft);
  } catch (error) {
    return refused(web, req, res, { place, key, values, draft, error, mistaken: true });
  }
  try {
    const done = await perform(web, place, { key, input: draft });
    req.session.acted = { key, done };
    await saveSession(req);
    res.redirect(303, `${at}?done=${key}`);
  } catch (error) {
    await refused(web, req, res, { place, key, values, draft, error, mistaken: false });
  }
}

function perform(
  web: Web,
  place: ActionPlace,
  { key, input }: { key: string; input: Record<string, unknown> },
): Promise<DoneView> {
  const { principal, store, integration, action, actionName } = place;
  // A corrected form is another wish: providers refuse a key they know with other values.
  const wish = `${key}:${createHash('sha256').update(JSON.stringify(input)).digest('hex')}`;
  const once = doings.get(web) ?? new Once<DoneView>();
  doings.set(web, once);
  return once.do([integration.id, actionName, wish].join(' '), async () => {
    const performed = await web.integrations.action(store.id, integration.id, {
      action: actionName,
      input,
      principal,
      key: wish,
    });
    return doneView(performed, action.input);
  });
}

interface Refused extends Required<Pick<Shown, 'key' | 'values' | 'draft'>> {
  readonly place: ActionPlace;
  readonly error: unknown;
  /** The form does not take it: nothing was asked of the provider. */
  readonly mistaken: boolean;
}

/** The form again, with the reason. @throws what is neither the person's nor the provider's doing */
async function refused(web: Web, req: Request, res: Response, { error, mistaken, ...shown }: Refused): Promise<void> {
  const known = hubError(error);
  if (!known || known.consequence === 'plugin-fault') throw error;
  const { status, detail, fields: faults = [], headers } = answerFor(error);
  const { input } = shown.place.action;
  const seen = Object.keys(input.properties).some((name) => faultsOf({ form: input, faults }, name).length > 0);
  // After an unclear end the same wish may be tried again; what was refused is a new one.
  const key = known.consequence === 'try-later' ? shown.key : v7();
  res.set(headers);
  await render(web, req, res, {
    ...shown,
    key,
    faults,
    error: mistaken && seen ? t('action.look') : said(detail),
    status: status === 400 ? 422 : status,
  });
}

async function render(web: Web, req: Request, res: Response, shown: Shown & { place: ActionPlace }): Promise<void> {
  const { place, key = v7(), values, draft = {}, faults, error, status, done } = shown;
  const { store, template, integration, href, action, at } = place;
  const form = action.input;
  const options = done ? {} : await choicesFor(web, place, { form, draft });
  const model = {
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    action: { title: action.title, description: action.description, href: at },
    fields: done ? [] : actionFields({ form, prefix: 'action-', values, faults, options }),
    key,
    error,
    finders: done ? [] : [...new Set(recordFields(form).map(({ stream }) => stream))].map((stream) => finderOf(place, stream)),
    done,
    again: againOf(form),
    room: t('action.room'),
  };
  const page = { name: 'action' as const, title: action.title, model, store, sandbox: integration.sandbox };
  await showPage(web, req, res, { ...page, ...(status !== undefined && { status }) });
}

function finderOf({ template, href }: ActionPlace, stream: string): { href: string; title: string } {
  return { href: `${href}/records/${encodeURIComponent(stream)}`, title: streamTitle(template, stream) };
}

/** @throws NotFound for what this connection cannot do, Rejected for one that does not work at the moment */
async function actionPlace(web: Web, req: Request): Promise<ActionPlace> {
  const place = await integrationPlace(web, req, 'manage');
  const { template, integration, href } = place;
  const actionName = param(req, 'action');
  const actions = template.loaded?.plugin.handlers?.actions ?? {};
  const action = Object.hasOwn(actions, actionName) ? actions[actionName] : undefined;
  if (!action || !isReadable(action, integration.method)) {
    throw new NotFound(t('action.cannot', { name: integration.name, plugin: template.name }));
  }
  if (actionLinks(place).length === 0) {
    throw new Rejected(t('action.notWorking', { name: integration.name, plugin: template.name }), {
      code: 'INTEGRATION_NOT_ACTIVE',
    });
  }
  return { ...place, action, actionName, at: `${href}/actions/${encodeURIComponent(actionName)}` };
}

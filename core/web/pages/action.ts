import { createHash } from 'node:crypto';
import type { Request, Response } from 'express';
import { v7, validate } from 'uuid';
import { isReadable } from '../../integrations/readable.ts';
import { fromPost } from '../../plugins/form-post.ts';
import { type FieldFault, hubError, NotFound, Rejected } from '../../sdk/index.ts';
import { answerFor } from '../http/errors.ts';
import { param, queryText } from '../http/request.ts';
import { saveSession } from '../http/session.ts';
import type { Web } from '../services.ts';
import { actionLinks, filledIn, recordFields } from '../view-models/action-page.ts';
import { inUnits, postedUnits, type Units, unitsIn } from '../view-models/action-record.ts';
import { type DoneView, doneView } from '../view-models/action-result.ts';
import { faultsOf } from '../view-models/field-faults.ts';
import { postedFields } from '../view-models/posted-fields.ts';
import { said } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { type ActionPlace, type Shown, showForm } from './action-form.ts';
import { Once } from './action-once.ts';
import { namedRecords } from './action-records.ts';
import { integrationPlace } from './context.ts';

declare module 'express-session' {
  interface SessionData {
    /** What the last action came back with: a reload shows it again and does nothing. */
    acted: { key: string; done: DoneView };
  }
}

/** Several hubs may run in one process. */
const doings = new WeakMap<Web, Once<DoneView>>();

export async function showAction(web: Web, req: Request, res: Response): Promise<void> {
  const place = await actionPlace(web, req);
  const key = queryText(req, 'done');
  const { acted } = req.session;
  const values = namedInAddress(place, req);
  await showForm(web, req, res, {
    place,
    values,
    draft: values,
    ...(key !== undefined && acted?.key === key && { done: acted.done }),
  });
}

/** A page of records leads here with the id of one. */
function namedInAddress({ action: { input } }: ActionPlace, req: Request): Record<string, unknown> {
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
  if (place.barred) return showForm(web, req, res, { place, status: 403 });
  const { action, at } = place;
  const body = (req.body ?? {}) as Record<string, unknown>;
  const values = postedFields(action.input, body);
  const units = postedUnits(action.input, body);
  const draft = inUnits(filledIn(action.input, fromPost(action.input, values), values), units);
  const { _key: sent } = body;
  const key = typeof sent === 'string' && validate(sent) ? sent : v7();
  if (body['_again'] !== undefined) return showForm(web, req, res, { place, key, values, draft, units });
  try {
    web.forms.check(action.input, draft);
    await sameUnits(web, place, { draft, units });
  } catch (error) {
    return refused(web, req, res, { place, key, values, draft, units, error, mistaken: true });
  }
  try {
    const done = await perform(web, place, { key, input: draft });
    req.session.acted = { key, done };
    await saveSession(req);
    res.redirect(303, `${at}?done=${key}`);
  } catch (error) {
    await refused(web, req, res, { place, key, values, draft, units, error, mistaken: false });
  }
}

/** @throws Rejected where the id was changed to a record whose money is another than the form spoke of */
async function sameUnits(
  web: Web,
  { integration, action }: ActionPlace,
  { draft, units }: { draft: Record<string, unknown>; units: Units },
): Promise<void> {
  if (units.size === 0) return;
  const now = unitsIn(await namedRecords(web, { integration, form: action.input, values: draft }));
  const fields = [...units].flatMap(([name, { currency }]): FieldFault[] => {
    const is = now.get(name)?.currency ?? currency;
    return is === currency ? [] : [{ pointer: `/${name}`, message: t('action.unitChanged', { currency: is }) }];
  });
  if (fields.length > 0) throw new Rejected(t('action.look'), { fields });
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

interface Refused extends Required<Pick<Shown, 'key' | 'values' | 'draft' | 'units'>> {
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
  await showForm(web, req, res, {
    ...shown,
    key,
    faults,
    error: mistaken && seen ? t('action.look') : said(detail),
    status: status === 400 ? 422 : status,
  });
}

/** @throws NotFound for what this connection cannot do, Rejected for one that does not work at the moment */
async function actionPlace(web: Web, req: Request): Promise<ActionPlace> {
  const place = await integrationPlace(web, req, 'manage');
  const { template, integration } = place;
  const actionName = param(req, 'action');
  const actions = template.loaded?.plugin.handlers?.actions ?? {};
  const action = Object.hasOwn(actions, actionName) ? actions[actionName] : undefined;
  if (!action || !isReadable(action, integration.method)) {
    throw new NotFound(t('action.cannot', { name: integration.name, plugin: template.name }));
  }
  const link = actionLinks(place).find(({ name }) => name === actionName);
  if (!link) {
    throw new Rejected(t('action.notWorking', { name: integration.name, plugin: template.name }), {
      code: 'INTEGRATION_NOT_ACTIVE',
    });
  }
  return { ...place, action, actionName, barred: link.barred, at: link.href };
}

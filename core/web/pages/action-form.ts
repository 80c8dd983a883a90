import type { Request, Response } from 'express';
import { v7 } from 'uuid';
import type { Action, FieldFault } from '../../sdk/index.ts';
import type { Web } from '../services.ts';
import { actionFields, againOf, recordFields } from '../view-models/action-page.ts';
import { inCurrency, stepped, toldForm, type Units, unitMarks, unitsIn } from '../view-models/action-record.ts';
import type { DoneView } from '../view-models/action-result.ts';
import type { BarredView } from '../view-models/barred-view.ts';
import { pluginHead } from '../view-models/plugin-view.ts';
import { foldedFields } from '../view-models/setting-view.ts';
import { streamTitle } from '../view-models/stream-words.ts';
import { t } from '../words/texts.ts';
import { namedRecords } from './action-records.ts';
import type { IntegrationPlace } from './context.ts';
import { choicesFor } from './form-choices.ts';
import { showPage } from './page.ts';

export interface ActionPlace extends IntegrationPlace {
  readonly action: Action;
  readonly actionName: string;
  /** Its settings forbid it. */
  readonly barred: BarredView | undefined;
  /** Of the form. */
  readonly at: string;
}

export interface Shown {
  /** Of the form, made when it is first shown. */
  readonly key?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly draft?: Readonly<Record<string, unknown>>;
  readonly faults?: readonly FieldFault[];
  readonly error?: string;
  readonly status?: number;
  readonly done?: DoneView;
  /** Of the form the values were typed into. */
  readonly units?: Units;
}

/** The page of an action: its form, what came of it, or why its settings forbid it. */
export async function showForm(web: Web, req: Request, res: Response, shown: Shown & { place: ActionPlace }): Promise<void> {
  const { place, key = v7(), values = {}, draft = {}, faults, error, status, done } = shown;
  const { store, template, integration, href, action, at } = place;
  const barred = done ? undefined : place.barred;
  const asks = !done && !barred;
  const records = asks ? await namedRecords(web, { integration, form: action.input, values: draft }) : new Map();
  const units = new Map([...(shown.units ?? []), ...unitsIn(records)]);
  const form = toldForm(action.input, records, units);
  const missing = recordFields(form).filter(({ name, part }) => (part === undefined ? !records.has(name) : !draft[name]));
  const options = asks ? await choicesFor(web, place, { form, draft }) : {};
  const typed = inUnitsOf(values, shown.units, units);
  const views = actionFields({ form, prefix: 'action-', values: typed, faults, options }).map((view) => stepped(view, units));
  const model = {
    plugin: pluginHead(template),
    integration: { name: integration.name, href },
    action: { title: action.title, description: action.description, href: at },
    ...(asks ? foldedFields({ form, views }, typed) : { fields: [], folded: [] }),
    key,
    error,
    barred,
    units: unitMarks(units),
    finders: asks ? [...new Set(missing.map(({ stream }) => stream))].map((stream) => finderOf(place, stream)) : [],
    done,
    again: againOf(form),
    room: t('action.room'),
  };
  const page = { name: 'action' as const, title: action.title, model, store, sandbox: integration.sandbox };
  await showPage(web, req, res, { ...page, ...(status !== undefined && { status }) });
}

/** What was typed into a form that spoke of other units is shown in those of now. */
function inUnitsOf(values: Readonly<Record<string, unknown>>, typed: Units = new Map(), now: Units): Record<string, unknown> {
  const fresh = new Map([...now].filter(([name]) => !typed.has(name)));
  return inCurrency(values, fresh);
}

function finderOf({ template, href }: ActionPlace, stream: string): { href: string; title: string } {
  return { href: `${href}/records/${encodeURIComponent(stream)}`, title: streamTitle(template, stream) };
}

import type { Request, Response } from 'express';
import { validate } from 'uuid';
import type { Integration } from '../../integrations/integration-store.ts';
import { type ActivitySought, type Happening, KINDS, OUTCOMES } from '../activity.ts';
import { sendActivityFile } from '../activity-file.ts';
import { namer } from '../activity-names.ts';
import { cursorOf, positionOf } from '../http/cursor.ts';
import { FORMATS } from '../http/list-file.ts';
import { momentOf } from '../http/message-query.ts';
import { filterText, queryChoice, queryText } from '../http/request.ts';
import type { Route } from '../http/route.ts';
import type { Web } from '../services.ts';
import { type ActivityInput, type ActivityQueryText, activityPage, HAPPENINGS_A_PAGE } from '../view-models/activity-page.ts';
import { failureKey, type RowsInput } from '../view-models/activity-rows.ts';
import { inReadersLanguage } from '../words/plugin-texts.ts';
import { t } from '../words/texts.ts';
import { type IntegrationPlace, integrationPlace, type PluginPlace, storePlace } from './context.ts';
import { showPage } from './page.ts';
import { type List, readOn } from './read-on.ts';
import { aboutNames } from './record-names.ts';

type StorePlace = Omit<PluginPlace, 'template'>;

/** What happened in the store, by whom and how it ended. */
async function showActivity(web: Web, req: Request, res: Response): Promise<void> {
  const place = await storePlace(web, req, 'view');
  const { store } = place;
  const integrations = await web.integrationStore.list({ storeId: store.id });
  const title = t('activity.title');
  const model = await modelOf(web, req, {
    place,
    integrations,
    lead: t('activity.lead', { store: store.name }),
    crumb: { href: '/integrations', text: store.name },
    here: '/activity',
  });
  await showPage(web, req, res, { name: 'activity', title, model, store });
}

/** The same of one integration. */
async function showOwnActivity(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, integration, href } = place;
  const model = await modelOf(web, req, {
    place,
    integrations: [],
    only: integration,
    lead: t('activity.leadOne', { name: integration.name }),
    crumb: { href, text: integration.name },
    here: `${href}/activity`,
  });
  const title = t('activity.titleOne', { name: integration.name });
  await showPage(web, req, res, { name: 'activity', title, model, store, sandbox: integration.sandbox });
}

async function downloadActivity(web: Web, req: Request, res: Response): Promise<void> {
  const place = await storePlace(web, req, 'view');
  const integrations = await web.integrationStore.list({ storeId: place.store.id });
  await download(web, req, res, { place, integrations });
}

async function downloadOwnActivity(web: Web, req: Request, res: Response): Promise<void> {
  const place: IntegrationPlace = await integrationPlace(web, req, 'view');
  await download(web, req, res, { place, integrations: [place.integration], only: place.integration });
}

interface Shown extends Pick<ActivityInput, 'lead' | 'crumb' | 'here'> {
  readonly place: StorePlace;
  /** To choose from. */
  readonly integrations: readonly Integration[];
  readonly only?: Integration;
}

async function modelOf(web: Web, req: Request, { place, integrations, only, ...shown }: Shown) {
  const query = queryOf(req);
  const cursor = queryText(req, 'cursor');
  const sought = soughtOf(query, { place, only });
  const named = namer(web, only ? [only] : integrations);
  const [found, members] = await Promise.all([
    readOn(listOf(web, sought, named), { limit: HAPPENINGS_A_PAGE, after: positionOf(cursor) }),
    web.members.list(place.store.id),
  ]);
  return activityPage({
    ...shown,
    query: only ? { ...query, integration: '' } : query,
    happenings: found.rows,
    next: cursorOf(found.next),
    paged: cursor !== undefined,
    people: members.map(({ email }) => email),
    integrations: integrations.map(({ id, name, pluginId }) => ({ id, name: calledHere(web, name, pluginId) })),
    named,
    abouts: await aboutsOf(web, only ? [only] : integrations, found.rows),
    owner: sought.owner,
  });
}

/** Id of an event → what it is about, where that was synced. */
async function aboutsOf(web: Web, integrations: readonly Integration[], happenings: readonly Happening[]) {
  const events = happenings.flatMap((one) => (one.from === 'event' ? [one.event] : []));
  const found = await Promise.all(
    integrations.map(async (integration) => {
      const own = events.filter(({ integrationId }) => integrationId === integration.id);
      const abouts = await aboutNames(web, integration, { objects: own.map(({ object }) => object), href: '' });
      return own.map(({ id, object }) => [id, abouts.get(object ?? '')?.label] as const);
    }),
  );
  return new Map(found.flat().flatMap(([id, label]) => (label === undefined ? [] : [[id, label] as const])));
}

function listOf(web: Web, sought: ActivitySought, named: RowsInput['named']): List<Happening> {
  return {
    page: async (paging) => {
      const { happenings, next } = await web.activity.page(sought, paging);
      return { rows: happenings, next };
    },
    failureOf: (one) => failureKey(one, named),
    positionOf: ({ mark, id }) => ({ at: mark, id }),
  };
}

async function download(
  web: Web,
  req: Request,
  res: Response,
  { place, integrations, only }: Pick<Shown, 'place' | 'integrations' | 'only'>,
): Promise<void> {
  const { store, principal } = place;
  const format = queryChoice(req, 'format', FORMATS) ?? 'csv';
  const sought = soughtOf(queryOf(req), { place, only });
  const target = only?.id;
  await web.audit.record({ storeId: store.id, principal, action: 'activity.export', target, detail: { format }, ip: req.ip });
  await sendActivityFile(web, res, { name: store.slug, format, sought, named: namer(web, integrations) });
}

function calledHere(web: Web, account: string, pluginId: string): string {
  const template = web.registry.template(pluginId);
  return template ? t('cards.called', { account, plugin: inReadersLanguage(template).name }) : account;
}

function queryOf(req: Request): ActivityQueryText {
  const text = (name: string) => filterText(req, name);
  const [kind, integration, who] = [text('kind'), text('integration'), text('who')];
  return { kind, integration, who, outcome: text('outcome'), from: text('from'), until: text('until') };
}

/** What is unknown counts as not asked; so does the id of none. */
function soughtOf(
  { kind, integration, who, outcome, from, until }: ActivityQueryText,
  { place, only }: { place: StorePlace; only: Integration | undefined },
): ActivitySought {
  return {
    storeId: place.store.id,
    owner: place.viewer.manage,
    integrationId: only?.id ?? (validate(integration) ? integration : undefined),
    kind: KINDS.find((one) => one === kind),
    outcome: OUTCOMES.find((one) => one === outcome),
    who: who || undefined,
    from: momentOf(from),
    until: momentOf(until),
  };
}

export const activityPages: readonly Route[] = [
  { on: 'GET /activity', who: 'signed-in', run: showActivity },
  { on: 'GET /activity/file', who: 'signed-in', run: downloadActivity },
  { on: 'GET /integrations/:plugin/:id/activity', who: 'signed-in', run: showOwnActivity },
  { on: 'GET /integrations/:plugin/:id/activity/file', who: 'signed-in', run: downloadOwnActivity },
];

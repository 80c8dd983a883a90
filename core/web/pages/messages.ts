import type { Request, Response } from 'express';
import type { EventsSought, ListedEvent } from '../../inbox/event-list-store.ts';
import type { EventState } from '../../inbox/event-store.ts';
import { filterQuery } from '../http/filter-query.ts';
import { messageQuery, momentOf, selectionOf } from '../http/message-query.ts';
import { localPath } from '../http/request.ts';
import type { Web } from '../services.ts';
import { eventView, failureOf } from '../view-models/event-view.ts';
import { messagesPage, STATES } from '../view-models/messages-page.ts';
import { previewPage } from '../view-models/preview-page.ts';
import { t } from '../words/texts.ts';
import { type IntegrationPlace, integrationPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';
import { pagerOf, pagingOf } from './pager.ts';
import { type List, readOn } from './read-on.ts';
import { aboutNames } from './record-names.ts';

const MESSAGES_A_PAGE = 50;

/** All messages of an integration: by what became of them, by time, and those to be handled again. */
export async function showMessages(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'view');
  const { store, template, integration, href } = place;
  const query = messageQuery(req.query as Record<string, unknown>);
  const state = STATES.find((one) => one === query.state) as EventState | undefined;
  const scope = { storeId: store.id, integrationId: integration.id };
  const sought = { state, reason: query.reason || undefined, from: momentOf(query.from), until: momentOf(query.until) };
  const paging = pagingOf(req, MESSAGES_A_PAGE, 'number');
  const [found, counts, unsorted, kept, { messages: days }, again] = await Promise.all([
    readOn(listOf(web, { ...scope, ...sought }), paging),
    web.events.counts(store.id, integration.id),
    web.spoolFigures.of(store.id, integration.id),
    web.replays.kept(store.id, integration.id),
    web.retentions.of(store.id),
    web.replays.count(selectionOf({ ...query, which: 'all' }, scope)),
  ]);
  const [health, abouts] = await Promise.all([
    web.integrations.health(store.id, integration.id),
    aboutNames(web, integration, { objects: found.rows.map(({ object }) => object), href }),
  ]);
  const list = [`${href}/events`, filterQuery(query)].filter(Boolean).join('?');
  const model = {
    ...messagesPage({ ...place, query, found: found.rows, abouts, counts, unsorted, kept, days, again, health }),
    ...pagerOf(`${list}#list`, paging, found.next),
  };
  const title = t('details.messagesFrom', { plugin: template.name });
  await showPage(web, req, res, { name: 'messages', title, model, store, sandbox: integration.sandbox });
}

function listOf(web: Web, sought: Omit<EventsSought, 'limit'>): List<ListedEvent> {
  return {
    page: (paging) => web.eventLists.listed({ ...sought, ...paging }),
    failureOf: (event) => failureOf(eventView(event)),
    positionOf: ({ mark, seq }) => ({ at: mark, id: seq }),
  };
}

/** What would become of messages, with the plugin as it is now. Nothing is kept. */
export async function previewMessages(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { store, template, integration, href } = place;
  const fields = (req.body ?? {}) as Record<string, unknown>;
  try {
    const preview = await web.replays.preview(selectionOf(fields, idsOf(place)));
    const model = previewPage({ template, integration, href, fields, preview });
    await showPage(web, req, res, { name: 'messages-preview', title: model.title, model, store, sandbox: integration.sandbox });
  } catch (error) {
    await finish(req, res, `${href}/events`, () => Promise.reject(error));
  }
}

/** Those that were chosen; without a choice everything that failed or waits. */
export async function replayMessages(web: Web, req: Request, res: Response): Promise<void> {
  const place = await integrationPlace(web, req, 'manage');
  const { store, principal, integration, href } = place;
  const fields: Record<string, unknown> = { which: 'all', ...req.body };
  await finish(req, res, localPath(fields['_back']) ?? href, async () => {
    const selection = selectionOf(fields, idsOf(place));
    const replayed = await web.replays.run(selection);
    const { ids, from, until, states, reason } = selection;
    const detail = { ids: ids?.length, from, until, states, reason, replayed };
    await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: integration.id, detail, ip: req.ip });
    if (replayed === 0) return t('events.nothingWasAgain');
    return t('events.someAgain', { count: replayed });
  });
}

function idsOf({ store, integration }: IntegrationPlace) {
  return { storeId: store.id, integrationId: integration.id };
}

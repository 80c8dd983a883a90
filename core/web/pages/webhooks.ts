import type { Request, Response } from 'express';
import type { Delivery } from '../../notices/delivery-store.ts';
import { EVENT_KINDS, type EventKind } from '../../notices/occurrence-store.ts';
import { hubError } from '../../sdk/errors.ts';
import { bodyText, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { deliveryFailure, deliveryRows, eventChoices, webhookRow } from '../view-models/notices-page.ts';
import { said, saidIf } from '../words/said.ts';
import { t } from '../words/texts.ts';
import { storePlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';
import { pagerOf, pagingOf } from './pager.ts';
import { type List, readOn } from './read-on.ts';

const HERE = '/notifications/webhooks';
const DELIVERIES_A_PAGE = 50;

interface Posted {
  readonly url: string;
  readonly description: string;
  readonly kinds: readonly EventKind[];
}

export async function showWebhooks(web: Web, req: Request, res: Response): Promise<void> {
  await showList(web, req, res, {
    fields: { url: '', description: '', kinds: ['integration.needs_attention', 'integration.recovered'] },
  });
}

export async function createWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal } = await storePlace(web, req, 'manage');
  const fields = postedFields(req);
  try {
    const { endpoint, secret } = await web.webhooks.create({ storeId: store.id, principal, ...fields });
    await showOne(web, req, res, { id: endpoint.id, secret });
  } catch (error) {
    const known = hubError(error);
    if (known?.consequence !== 'rejected') throw error;
    await showList(web, req, res, { fields, error: said(known.message) });
  }
}

export async function showWebhook(web: Web, req: Request, res: Response): Promise<void> {
  await showOne(web, req, res, { id: param(req, 'webhook') });
}

export async function changeWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const place = await placeOf(web, req);
  await finish(req, res, place.href, async () => {
    const { url, description, kinds } = postedFields(req);
    await web.webhooks.change(place, { url, description: description.trim() || null, kinds });
    return t('notices.webhook.saved');
  });
}

export async function switchWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const place = await placeOf(web, req);
  await finish(req, res, place.href, async () => {
    const enabled = bodyText(req, 'enabled') === '1';
    await web.webhooks.change(place, { enabled });
    return enabled ? t('notices.webhook.on') : t('notices.webhook.off');
  });
}

export async function rotateWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const place = await placeOf(web, req);
  const { secret } = await web.webhooks.rotate(place);
  await showOne(web, req, res, { id: place.id, secret });
}

export async function testWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const { storeId, id, href } = await placeOf(web, req);
  await finish(req, res, `${href}#deliveries`, async () => {
    await web.webhooks.test(storeId, id);
    return t('notices.webhook.testSent');
  });
}

export async function replayDelivery(web: Web, req: Request, res: Response): Promise<void> {
  const place = await placeOf(web, req);
  await finish(req, res, `${place.href}#deliveries`, async () => {
    await web.webhooks.replay(place, param(req, 'delivery'));
    return t('notices.webhook.replayed');
  });
}

export async function removeWebhook(web: Web, req: Request, res: Response): Promise<void> {
  const place = await placeOf(web, req);
  await finish(req, res, HERE, async () => {
    await web.webhooks.remove(place);
    return t('notices.webhook.removed');
  });
}

async function showList(
  web: Web,
  req: Request,
  res: Response,
  { fields, error }: { fields: Posted; error?: string },
): Promise<void> {
  const { store } = await storePlace(web, req, 'manage');
  const rows = (await web.webhooks.list(store.id)).map(webhookRow);
  const model = { rows, events: eventChoices(fields.kinds), url: fields.url, description: fields.description, error };
  const status = error === undefined ? 200 : 422;
  await showPage(web, req, res, { name: 'webhooks', title: t('notices.webhooks.title'), model, store, status });
}

async function showOne(web: Web, req: Request, res: Response, { id, secret }: { id: string; secret?: string }): Promise<void> {
  const { store } = await storePlace(web, req, 'manage');
  const { kinds, description, formerUntil, ...endpoint } = await web.webhooks.get(store.id, id);
  const paging = pagingOf(req, DELIVERIES_A_PAGE);
  const { rows, next } = await readOn(listOf(web, store.id, id), paging);
  const { url, enabled, problem, failingSince } = endpoint;
  const deliveries = deliveryRows(rows);
  const href = `${HERE}/${id}`;
  const pager = pagerOf(`${href}#deliveries`, paging, next);
  const shown = { href, url, enabled, failingSince, formerUntil, secret, deliveries, ...pager, error: undefined };
  const model = { ...shown, problem: saidIf(problem), description: description ?? '', events: eventChoices(kinds) };
  await showPage(web, req, res, { name: 'webhook', title: t('notices.webhook.title'), model, store });
}

function listOf(web: Web, storeId: string, id: string): List<Delivery> {
  return {
    page: async (paging) => {
      const { deliveries: rows, next } = await web.webhooks.deliveries(storeId, id, paging);
      return { rows, next };
    },
    failureOf: deliveryFailure,
    positionOf: (one) => ({ at: one.mark, id: one.id }),
  };
}

async function placeOf(web: Web, req: Request) {
  const { store, principal } = await storePlace(web, req, 'manage');
  const id = param(req, 'webhook');
  await web.webhooks.get(store.id, id);
  return { storeId: store.id, id, principal, href: `${HERE}/${id}` };
}

function postedFields(req: Request): Posted {
  const body = (req.body ?? {}) as Record<string, unknown>;
  const ticked = [body['events'] ?? []].flat();
  return {
    url: bodyText(req, 'url').trim().slice(0, 4000),
    description: bodyText(req, 'description').trim().slice(0, 200),
    kinds: EVENT_KINDS.filter((kind) => ticked.includes(kind)),
  };
}

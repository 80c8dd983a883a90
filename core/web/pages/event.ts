import type { Request, Response } from 'express';
import { eventOf, sendBody } from '../event-body.ts';
import { localPath, param } from '../http/request.ts';
import type { Web } from '../services.ts';
import { eventPage } from '../view-models/event-page.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';
import { showPage } from './page.ts';
import { aboutNames } from './record-names.ts';

/** One received message: what it said, and what became of it at each attempt. */
export async function showEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, viewer, template, integration, href } = await integrationPlace(web, req, 'view');
  const event = await eventOf(web, req, { store, integration });
  const abouts = await aboutNames(web, integration, { objects: [event.object], href });
  const model = eventPage({ template, integration, href, event, abouts, viewer });
  await showPage(web, req, res, { name: 'event', title: model.event.type, model, store, sandbox: integration.sandbox });
}

/** The body as a file. */
export async function downloadEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration } = await integrationPlace(web, req, 'manage');
  sendBody(res, await eventOf(web, req, { store, integration }));
}

export async function replayEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, integration, href } = await integrationPlace(web, req, 'manage');
  const { _back } = (req.body ?? {}) as Record<string, unknown>;
  await finish(req, res, localPath(_back) ?? `${href}/events/${param(req, 'event')}`, async () => {
    const event = await eventOf(web, req, { store, integration });
    await web.events.replay(store.id, event.id);
    const detail = { event: event.id };
    await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: integration.id, detail, ip: req.ip });
    return t('events.oneAgain');
  });
}

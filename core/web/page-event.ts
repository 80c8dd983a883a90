import type { Request, Response } from 'express';
import { NotFound } from '../sdk/errors.ts';
import { integrationPlace } from './page-context.ts';
import { finish } from './page-outcome.ts';
import { param } from './request.ts';
import type { Web } from './services.ts';

export async function replayEvent(web: Web, req: Request, res: Response): Promise<void> {
  const { store, principal, integration, href } = await integrationPlace(web, req, 'manage');
  await finish(req, res, href, async () => {
    const event = await web.events.get(store.id, param(req, 'event'));
    if (event.integrationId !== integration.id) throw new NotFound('There is no such change here.');
    await web.inbox.replay(store.id, event.id);
    await web.audit.record({ storeId: store.id, principal, action: 'event.replay', target: event.id, ip: req.ip });
    return 'The change is being handled again.';
  });
}

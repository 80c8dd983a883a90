import type { Request, Response } from 'express';
import { NotFound } from '../sdk/errors.ts';
import { integrationPlace } from './page-context.ts';
import { finish } from './page-outcome.ts';
import { param } from './request.ts';
import type { Web } from './services.ts';

export async function cancelRun(web: Web, req: Request, res: Response): Promise<void> {
  const { store, integration, href } = await integrationPlace(web, req, 'sync');
  await finish(req, res, href, async () => {
    const run = await web.syncs.run(store.id, param(req, 'run'));
    if (run.integrationId !== integration.id) throw new NotFound('There is no such sync here.');
    await web.syncs.cancel(store.id, run.id);
    return 'The sync stops after the page it is reading. What was read is kept.';
  });
}

import type { Request, Response } from 'express';
import type { Web } from '../services.ts';
import { t } from '../words/texts.ts';
import { integrationPlace } from './context.ts';
import { finish } from './outcome.ts';

export async function pause(web: Web, req: Request, res: Response): Promise<void> {
  await switchTo(web, req, res, false);
}

export async function resume(web: Web, req: Request, res: Response): Promise<void> {
  await switchTo(web, req, res, true);
}

async function switchTo(web: Web, req: Request, res: Response, enabled: boolean): Promise<void> {
  const { store, principal, integration, href } = await integrationPlace(web, req, 'manage');
  await finish(req, res, href, async () => {
    const { name } = await web.integrations.rename(store.id, integration.id, { enabled }, principal);
    return t(enabled ? 'details.resumed' : 'details.pausedNow', { name });
  });
}
